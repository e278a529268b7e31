import { AppError, kindOf } from '#domain/shared/errors.js';

export interface GroupLimits<Item> {
  /** Groups written at once: as many connections as this takes. */
  readonly inFlight: number;
  /** Items that may wait in memory; beyond it they are refused, and whoever sent them sends them again. */
  readonly waiting: number;
  /** How much of `weightPerGroup` an item takes, so that one statement stays within bounds. */
  readonly weightOf: (item: Item) => number;
  readonly weightPerGroup: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly givenUp: AbortSignal | undefined;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Items that wait together are written together: while one group is on its way the next gathers. No timer is
 * involved, so a lone item is written at once. Each item's promise settles after its own group's commit.
 */
export class GroupCommit<Item, Result> {
  private readonly queue: Waiting<Item, Result>[] = [];
  private flying = 0;

  /** @param write makes a group durable and answers one result per item, in their order */
  constructor(
    private readonly write: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly limits: GroupLimits<Item>,
  ) {}

  /**
   * @param givenUp aborted when nobody waits for this item any more: if it is not on its way yet it is left out, so that
   *   an overload ends as soon as less comes in, instead of everything being written late
   * @throws AppError 'unavailable' when too many wait already
   */
  async add(item: Item, givenUp?: AbortSignal): Promise<Result> {
    return await new Promise<Result>((resolve, reject) => {
      if (this.queue.length >= this.limits.waiting) {
        reject(new AppError('unavailable', `${this.queue.length} writes are waiting for the database`));
        return;
      }
      this.queue.push({ item, givenUp, resolve, reject });
      this.pump();
    });
  }

  private pump(): void {
    while (this.flying < this.limits.inFlight && this.queue.length > 0) {
      const group = this.nextGroup();
      if (group.length === 0) continue;
      this.flying += 1;
      void this.commit(group).finally(() => {
        this.flying -= 1;
        this.pump();
      });
    }
  }

  private nextGroup(): Waiting<Item, Result>[] {
    let weight = 0;
    const end = this.queue.findIndex(({ item }, index) => {
      weight += this.limits.weightOf(item);
      return index > 0 && weight > this.limits.weightPerGroup;
    });
    const group = this.queue.splice(0, end === -1 ? this.queue.length : end);
    for (const { givenUp, reject } of group) if (givenUp?.aborted) reject(givenUp.reason);
    return group.filter(({ givenUp }) => !givenUp?.aborted);
  }

  private async commit(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.write(group.map(({ item }) => item));
      for (const [index, { resolve, reject }] of group.entries()) {
        const result = results[index];
        if (result === undefined) reject(new Error(`no result for item ${index} of ${group.length}`));
        else resolve(result);
      }
    } catch (error) {
      // One item that the database cannot take must not harm its neighbours: each is tried alone. When the database
      // is away that would only repeat the same failure.
      if (group.length === 1 || kindOf(error) === 'unavailable') for (const { reject } of group) reject(error);
      else for (const one of group) await this.commit([one]);
    }
  }
}
