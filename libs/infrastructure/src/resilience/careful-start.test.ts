import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AppError } from '#domain/shared/errors.js';
import { CarefulStart } from './careful-start.js';

/** Calls that are on their way until they are answered, and how many were made. */
class Vendor {
  made = 0;
  private readonly open: { readonly answer: () => void; readonly fail: (error: Error) => void }[] = [];

  async call(): Promise<void> {
    this.made += 1;
    await new Promise<void>((answer, fail) => this.open.push({ answer, fail }));
  }

  async answerOne(error?: Error): Promise<void> {
    const one = this.open.shift();
    if (error) one?.fail(error);
    else one?.answer();
    await turn();
  }
}

const away = new AppError('unavailable', 'away');

function many(count: number, vendor: Vendor, careful: CarefulStart): void {
  for (let each = 0; each < count; each += 1) {
    careful.run(async () => await vendor.call()).catch(() => undefined); // what becomes of it is the job's business
  }
}

describe('a careful start', () => {
  it('lets one call go, and all of them after the first answer', async () => {
    const [vendor, careful] = [new Vendor(), new CarefulStart()];
    many(10, vendor, careful);
    await turn();
    expect(vendor.made).toBe(1);
    await vendor.answerOne();
    expect(vendor.made).toBe(10);
  });

  it('goes on with a few at once while every call fails', async () => {
    const [vendor, careful] = [new Vendor(), new CarefulStart()];
    many(10, vendor, careful);
    await vendor.answerOne(away);
    expect(vendor.made).toBe(6);
    await vendor.answerOne(new AppError('rate-limited', 'slower'));
    expect(vendor.made).toBe(7);
  });

  it('becomes careful again with a failure, and not with an answer that says no', async () => {
    const [vendor, careful] = [new Vendor(), new CarefulStart()];
    many(1, vendor, careful);
    await vendor.answerOne(new AppError('rejected', 'no'));
    many(10, vendor, careful);
    expect(vendor.made).toBe(11);
    for (let each = 0; each < 10; each += 1) await vendor.answerOne(away);
    many(10, vendor, careful);
    expect(vendor.made).toBe(16);
  });

  it('leaves nobody waiting', async () => {
    const [vendor, careful] = [new Vendor(), new CarefulStart()];
    many(20, vendor, careful);
    for (let each = 0; each < 20; each += 1) await vendor.answerOne(each % 2 === 0 ? away : undefined);
    expect(vendor.made).toBe(20);
  });
});
