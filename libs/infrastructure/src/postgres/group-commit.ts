import { AppError, kindOf } from '#domain/shared/errors.js';

export interface GroupLimits<Item> {
  /** Groups written at once: as many connections as this takes. */
  readonly inFlight: number;
  /** Items that may wait in memory; beyond it they are refused, and whoever sent them sends them again. */
  readonly waiting: number;
  /** How much of `weightPerGroup` an item takes, so that one statement stays within bounds. */
  readonly weightOf: (item: Item) => number;
  readonly weightPerGroup: number;
  readonly itemsPerGroup?: number;
  /** While one group follows the other each waits so long, in milliseconds, for company; a lone item never does. */
  readonly gatherMs?: number;
  /** Without it whoever adds an item waits as long as the statement takes. */
  readonly patience?: Patience<Item>;
}

/** How long, in milliseconds, whoever adds an item waits for it. */
export interface Patience<Item> {
  readonly ms: (item: Item) => number;
  /** Beyond this a large item waits only while the store still answers others: of one that hangs nothing is to be hoped for. */
  readonly blindMs: number;
  readonly stillAnswers: () => Promise<boolean>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly sinceMs: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
  asked: boolean;
}

/** Between two looks for who has waited too long: one timer for all of them instead of one for each. */
const lookEveryMs = 25;

/**
 * Items that wait together are written together: what comes in the same turn of the event loop, and while one group is on
 * its way. A lone item is written at once. Each item's promise settles after its own group's commit.
 */
export class GroupCommit<Item, Result> {
  private readonly queue: Waiting<Item, Result>[] = [];
  /** Whose promise is not settled: those in the queue and those on their way. */
  private readonly open = new Set<Waiting<Item, Result>>();
  private flying = 0;
  private looking = false;
  private beginning = false;
  private endedMs = Number.NEGATIVE_INFINITY;

  /** @param write makes a group durable and answers one result per item, in their order */
  constructor(
    private readonly write: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly limits: GroupLimits<Item>,
  ) {}

  /**
   * An item that is not on its way when its patience ends is left out, so that an overload ends as soon as less comes in,
   * instead of everything being written late. One that is on its way may still be written.
   * @throws AppError 'unavailable' when too many wait already, or when it takes too long
   */
  async add(item: Item): Promise<Result> {
    return await new Promise<Result>((resolve, reject) => {
      if (this.queue.length >= this.limits.waiting) {
        reject(new AppError('unavailable', `${this.queue.length} writes are waiting for the database`));
        return;
      }
      const waiting = { item, sinceMs: performance.now(), resolve, reject, asked: false };
      this.open.add(waiting);
      this.queue.push(waiting);
      this.lookForLate();
      this.begin();
    });
  }

  /** After what comes at the same moment: everything that this turn of the event loop still brings goes into one group. */
  private begin(): void {
    if (this.beginning) return;
    this.beginning = true;
    const write = (): void => {
      this.beginning = false;
      this.pump();
    };
    const { gatherMs = 0 } = this.limits;
    if (performance.now() - this.endedMs < 2 * gatherMs) setTimeout(write, gatherMs);
    else setImmediate(write);
  }

  private pump(): void {
    while (this.flying < this.limits.inFlight && this.queue.length > 0) {
      const group = this.nextGroup();
      if (group.length === 0) continue;
      this.flying += 1;
      void this.commit(group).finally(() => {
        this.flying -= 1;
        this.endedMs = performance.now();
        this.begin();
      });
    }
  }

  private nextGroup(): Waiting<Item, Result>[] {
    const { weightOf, weightPerGroup, itemsPerGroup = Number.POSITIVE_INFINITY } = this.limits;
    let weight = 0;
    const end = this.queue.findIndex(({ item }, index) => {
      weight += weightOf(item);
      return index > 0 && (weight > weightPerGroup || index >= itemsPerGroup);
    });
    const group = this.queue.splice(0, end === -1 ? this.queue.length : end);
    return group.filter((waiting) => this.open.has(waiting));
  }

  private async commit(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.write(group.map(({ item }) => item));
      for (const [index, waiting] of group.entries()) {
        this.open.delete(waiting);
        const result = results[index];
        if (result === undefined) waiting.reject(new Error(`no result for item ${index} of ${group.length}`));
        else waiting.resolve(result);
      }
    } catch (error) {
      // One item that the database cannot take must not harm its neighbours: each is tried alone. When the database
      // is away that would only repeat the same failure.
      if (group.length === 1 || kindOf(error) === 'unavailable') for (const one of group) this.giveUp(one, error);
      else for (const one of group) await this.commit([one]);
    }
  }

  private lookForLate(): void {
    const { patience } = this.limits;
    if (this.looking || !patience) return;
    this.looking = true;
    setTimeout(() => {
      this.looking = false;
      const now = performance.now();
      for (const waiting of this.open) this.lookAt(waiting, now, patience);
      if (this.open.size > 0) this.lookForLate();
    }, lookEveryMs);
  }

  private lookAt(waiting: Waiting<Item, Result>, now: number, { ms, blindMs, stillAnswers }: Patience<Item>): void {
    const allowed = ms(waiting.item);
    const waited = now - waiting.sinceMs;
    if (waited >= allowed) this.giveUp(waiting, late(allowed));
    else if (waited >= blindMs && !waiting.asked) {
      waiting.asked = true;
      void stillAnswers().then((answers) => {
        if (!answers) this.giveUp(waiting, late(blindMs));
      });
    }
  }

  /** What is on its way and settles later finds nobody waiting. */
  private giveUp(waiting: Waiting<Item, Result>, error: unknown): void {
    this.open.delete(waiting);
    waiting.reject(error);
  }
}

function late(ms: number): AppError {
  return new AppError('unavailable', `the database did not store a delivery within ${ms} ms`);
}
