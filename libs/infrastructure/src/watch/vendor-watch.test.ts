import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backlog } from '#domain/notifications/incidents.js';
import { InMemoryIncidents } from '../../../../test/fakes/in-memory-incidents.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { tellVendorEvent, type CircuitPosition } from '../resilience/vendor-events.js';
import type { VendorFailure } from '../resilience/vendor-failures.js';
import { VendorWatch } from './vendor-watch.js';

let clock: VirtualClock;
let book: InMemoryIncidents;
let watch: VendorWatch;
let backlog: Backlog | undefined;

beforeEach(() => {
  clock = new VirtualClock();
  book = new InMemoryIncidents(clock);
  backlog = { comments: 0, oldestMs: 0 };
  watch = new VendorWatch(book, clock, async () => await Promise.resolve(backlog));
});
afterEach(() => watch.stop());

const circuit = (name: string, state: CircuitPosition): void =>
  tellVendorEvent({ kind: 'circuit', circuit: name, state });
const called = (name: string, outcome: VendorFailure | 'ok'): void =>
  tellVendorEvent({ kind: 'called', circuit: name, outcome, ms: 1 });

/** Looks every five seconds, as the schedule does. */
async function looks(seconds: number): Promise<void> {
  for (let left = seconds; left > 0; left -= 5) {
    clock.pass(5_000);
    await watch.look();
  }
}
const subjects = (): readonly string[] =>
  book.all.map(({ subject, closedAt }) => `${subject} ${closedAt ? 'over' : 'open'}`);

describe('a vendor', () => {
  // PE-4, audit 27
  it('that hiccups for less than a probe is nobody\u2019s business', async () => {
    circuit('openai answer', 'open');
    await looks(25);
    circuit('openai answer', 'closed');
    await looks(60);
    expect(subjects()).toEqual([]);
  });

  it('that is away is one incident, whichever of its calls fail, and over a quiet minute after it works', async () => {
    for (const name of ['instagram publish', 'instagram read']) circuit(name, 'open');
    await looks(35);
    expect(subjects()).toEqual(['instagram open']);
    expect(book.all[0]?.detail).toEqual({ call: 'instagram publish' });
    for (const name of ['instagram publish', 'instagram read']) {
      circuit(name, 'half-open');
      circuit(name, 'closed');
      called(name, 'ok');
    }
    await looks(50);
    expect(subjects()).toEqual(['instagram open']);
    await looks(15);
    expect(subjects()).toEqual(['instagram over']);
  });

  // CL-6
  it('that comments wait for is told with how many there are and how old, as it is now', async () => {
    circuit('openai classification', 'open');
    backlog = { comments: 12, oldestMs: 40_000 };
    await looks(35);
    expect(book.all[0]?.detail).toEqual({
      call: 'openai classification',
      'comments waiting': 12,
      'oldest waits': '40 s',
    });
    backlog = { comments: 140, oldestMs: 61 * 60_000 };
    await looks(5);
    expect(book.all[0]?.detail).toMatchObject({ 'comments waiting': 140, 'oldest waits': '61 min' });
    backlog = undefined; // the database cannot be asked
    await looks(5);
    expect(book.all[0]?.detail).toMatchObject({ 'comments waiting': 140 });
  });

  it('that no comment waits for is told without them', async () => {
    backlog = { comments: 12, oldestMs: 40_000 };
    circuit('telegram send', 'open');
    await looks(35);
    expect(book.all[0]?.detail).toEqual({ call: 'telegram send' });
  });

  it('that comes and goes is told once', async () => {
    for (let times = 10; times > 0; times -= 1) {
      circuit('openai answer', 'open');
      await looks(40);
      circuit('openai answer', 'closed');
      called('openai answer', 'ok');
      await looks(20);
    }
    expect(subjects()).toEqual(['openai open']);
  });

  it('is back when one kind of call works, though another waits for a call to probe with', async () => {
    for (const name of ['instagram publish', 'instagram moderate']) circuit(name, 'open');
    await looks(35);
    for (const name of ['instagram publish', 'instagram moderate']) circuit(name, 'half-open');
    circuit('instagram publish', 'closed');
    called('instagram publish', 'ok');
    await looks(70);
    expect(subjects()).toEqual(['instagram over']);
  });

  it('that another process saw away is over when it works here', async () => {
    await book.open({ kind: 'upstream-away', subject: 'telegram' });
    await looks(120);
    expect(subjects()).toEqual(['telegram open']); // nothing proves that it is back
    called('telegram send', 'ok');
    await looks(5);
    expect(subjects()).toEqual(['telegram over']);
  });
});

describe('a setting that a vendor refuses', () => {
  it('is told once however often it is refused, and is over when it opens again', async () => {
    for (let times = 20; times > 0; times -= 1) {
      called('openai classification', 'misconfigured');
      await looks(5);
    }
    called('openai answer', 'ok');
    await looks(70);
    expect(book.all).toMatchObject([{ kind: 'access-refused', subject: 'openai classification', closedAt: undefined }]);
    called('openai classification', 'ok');
    await looks(5);
    expect(subjects()).toEqual(['openai classification over']);
  });
});
