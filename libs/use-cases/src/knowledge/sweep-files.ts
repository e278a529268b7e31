import { FileOwners } from '#domain/knowledge/file-owners.js';
import { FileStore } from '#domain/knowledge/file-store.js';
import { Clock } from '#domain/shared/clock.js';

/** Longer than anything takes from the first byte of a file to its document's row. */
const unownedForMs = 24 * 3_600_000;
const atOnce = 500;

/** Removes files that no document owns: what a crash left, and what was replaced or removed while the store was away. */
export class SweepFiles {
  constructor(
    private readonly files: FileStore,
    private readonly owners: FileOwners,
    private readonly clock: Clock,
  ) {}

  /** @returns how many were removed */
  async execute(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - unownedForMs);
    let removed = 0;
    let keys: string[] = [];
    const sweep = async (): Promise<void> => {
      const owned = await this.owners.owned(keys);
      for (const key of keys.filter((one) => !owned.has(one))) {
        await this.files.remove(key);
        removed += 1;
      }
      keys = [];
    };
    for await (const key of this.files.olderThan(before)) {
      keys.push(key);
      if (keys.length >= atOnce) await sweep();
    }
    if (keys.length > 0) await sweep();
    return removed;
  }
}
