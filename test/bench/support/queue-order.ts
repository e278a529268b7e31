export interface QueueOrder {
  readonly kind: 'add' | 'bulk' | 'work' | 'survive';
  /** Of the jobs; no two orders to one program share any, but `work` does those that were added. */
  readonly ids: readonly string[];
  readonly concurrency?: number;
}

export interface QueueAnswer {
  /** How long it took; of `survive` the longest time in which nothing was done. */
  readonly seconds: number;
  readonly added: number;
  readonly lost: number;
  readonly doubled: number;
}
