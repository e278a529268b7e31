import { setTimeout as wait } from 'node:timers/promises';
import type { Seeded } from '../../support/seeded.js';
import { until } from '../../support/until.js';
import { Newcomers, type Customer } from './customers.js';
import type { Plant } from './plant.js';

const everyMs = 250;
const writtenAtOnce = 400;
/** Some deliveries come twice, as after an answer that got lost. */
const chanceOfASecond = 0.2;
const acknowledgedWithinMs = 120_000;

export interface Pace {
  /** Comments per second. */
  readonly perSecond: number;
  /** No more come while so many wait: a slow machine must not turn every trouble into a backlog. */
  readonly mostWaiting: number;
}

/** Customers who go on writing, whatever happens to the system, until they are told to stop. */
export class SteadyLoad {
  readonly sent: Customer[] = [];
  private readonly deliveries = new Set<Promise<void>>();
  private readonly running: Promise<void>;
  private readonly newcomers: Newcomers;
  private stopped = false;

  constructor(
    private readonly plant: Plant,
    private readonly chance: Seeded,
    private readonly pace: Pace,
  ) {
    this.newcomers = new Newcomers(plant.vendors, chance, writtenAtOnce);
    this.running = this.run();
    // Whoever stops the load hears of its failure; until then it is nobody's unhandled rejection.
    this.running.catch(() => undefined);
  }

  /** Resolves when so many more comments have been sent. */
  async more(comments: number): Promise<void> {
    const wanted = this.sent.length + comments;
    // At its own pace they take comments / perSecond; a machine that is busy takes its time.
    const patienceMs = acknowledgedWithinMs + (5 * comments * 1_000) / this.pace.perSecond;
    await until(`${comments} more comments`, patienceMs, () => this.sent.length >= wanted);
  }

  /** No further comments; resolves when every delivery was acknowledged. @returns who wrote */
  async stop(): Promise<readonly Customer[]> {
    this.stopped = true;
    await this.running;
    await until('the last acknowledgement', acknowledgedWithinMs, () => this.deliveries.size === 0);
    return this.sent;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await wait(everyMs);
      const finished = await this.plant.finished();
      // Nobody waits for a database that cannot be asked: just then the deliveries matter.
      if (finished !== undefined && this.sent.length - finished > this.pace.mostWaiting) continue;
      const batch = await this.newcomers.take(Math.max(1, Math.round((this.pace.perSecond * everyMs) / 1_000)));
      while (batch.length > 0) this.deliver(batch.splice(0, this.chance.between(1, 3)));
    }
  }

  private deliver(customers: readonly Customer[]): void {
    this.sent.push(...customers);
    const comments = customers.map(({ comment }) => comment);
    const times = this.chance.next() < chanceOfASecond ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      const delivery = this.plant.meta.deliver(comments).finally(() => this.deliveries.delete(delivery));
      this.deliveries.add(delivery);
    }
  }
}
