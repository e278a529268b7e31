import { setTimeout as wait } from 'node:timers/promises';
import type { Seeded } from '../../support/seeded.js';
import { onlyQuestions, Newcomers, writeComments, type Customer } from './customers.js';
import type { Plant } from './plant.js';

const writtenAtOnce = 100;

/** Customers who go on writing while something is wrong; Meta delivers each comment until it is acknowledged. */
export class Crowd {
  readonly customers: Customer[] = [];
  private readonly deliveries: Promise<void>[] = [];
  private readonly newcomers: Newcomers;

  constructor(
    private readonly of: Plant,
    chance: Seeded,
  ) {
    this.newcomers = new Newcomers(of.vendors, chance, writtenAtOnce);
  }

  /** So many comments each second until `what` is over. Their deliveries may still be open then: see `delivered`. */
  async writesDuring<Result>(what: Promise<Result>, perSecond: number): Promise<Result> {
    const over = new AbortController();
    const ends = what.finally(() => over.abort());
    ends.catch(() => undefined); // told to whoever waits for it below
    while (!over.signal.aborted) {
      await this.write();
      await wait(1_000 / perSecond, undefined, { signal: over.signal }).catch(() => undefined);
    }
    return await ends;
  }

  /** One comment that is due a reply, delivered and acknowledged. */
  async ask(): Promise<Customer['comment']> {
    const [customer] = await writeComments(this.of.vendors, 1, onlyQuestions);
    if (!customer) throw new Error('the sandbox wrote no comment');
    this.customers.push(customer);
    await this.of.meta.deliver([customer.comment]);
    return customer.comment;
  }

  /** Resolves when all of them are acknowledged. */
  async delivered(): Promise<void> {
    await Promise.all(this.deliveries);
  }

  private async write(): Promise<void> {
    const [customer] = await this.newcomers.take(1);
    if (!customer) return;
    this.customers.push(customer);
    this.deliveries.push(this.of.meta.deliver([customer.comment]));
  }
}
