import { readHeader, readLine, withoutDoubles } from '#domain/catalogue/import-lines.js';
import { Imports, type HeldImport, type Step } from '#domain/catalogue/imports.js';
import { TableReader } from '#domain/catalogue/table-reader.js';
import { FileStore } from '#domain/knowledge/file-store.js';
import { Clock } from '#domain/shared/clock.js';
import { AppError, kindOf, messageOf } from '#domain/shared/errors.js';

export const importTimes = {
  /** Longer than the slowest file takes to be read. */
  readingLeaseMs: 120_000,
  /** Longer than a batch: what a killed worker delays its import by. */
  leaseMs: 30_000,
  /** Then another import may have its turn, and a process that stops has not long to wait. */
  sliceMs: 5_000,
  /** Between tries after a failure, growing with each. */
  waitMs: 2_000,
  longestWaitMs: 300_000,
} as const;

/** Lines in one commit: short enough that people who write products at the same moment do not notice. */
const linesAtOnce = 500;
/** Failures one after the other, without one batch between them. */
const mostAttempts = 10;

/** Works on files of products: read once, by a process of its own, then line by line in batches. */
export class RunImports {
  constructor(
    private readonly imports: Imports,
    private readonly tables: TableReader,
    private readonly files: FileStore,
    private readonly clock: Clock,
  ) {}

  /** Works for some seconds on one of them. @returns false when there is nothing to do */
  async execute(): Promise<boolean> {
    const held = await this.imports.claim(importTimes.readingLeaseMs);
    if (!held) return false;
    try {
      const ready = held.staged ? held : await this.read(held);
      if (ready) await this.work(ready);
    } catch (error) {
      await this.failed(held, error);
    }
    return true;
  }

  /** @returns undefined when it is no longer ours */
  private async read(held: HeldImport): Promise<HeldImport | undefined> {
    const { fileKey, type, currency } = held.request;
    const rows = await this.tables.read(fileKey, type);
    const [names, ...rest] = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
    const columns = readHeader(names?.cells ?? []);
    if (typeof columns === 'string') throw new AppError('invalid', columns);
    const lines = rest.map((row) => readLine(row, columns, currency)).filter((line) => line !== undefined);
    // An empty file is rather a mistake than the wish to sell nothing.
    if (lines.length === 0) throw new AppError('invalid', 'The file has no line below its headings.');
    const kept = await this.imports.stage(held, columns, withoutDoubles(lines), importTimes.leaseMs);
    // Whoever dies here leaves a file that nobody needs: the search for those finds it.
    if (kept) await this.files.remove(fileKey);
    return kept;
  }

  private async work(held: HeldImport): Promise<void> {
    const end = this.clock.elapsedMs() + importTimes.sliceMs;
    const inTime = (): boolean => this.clock.elapsedMs() < end;
    const { missing } = held.request;
    let step: Step = 'more';
    while (step === 'more' && inTime()) step = await this.imports.useLines(held, linesAtOnce, importTimes.leaseMs);
    if (step === 'end' && missing !== 'keep' && held.linesWithoutSku > 0) {
      const lines = `${held.linesWithoutSku} of its lines have no sku that can be read`;
      const why = `What is not in the file was left as it is: ${lines}. Correct them and send the file again.`;
      await this.imports.finish(held, 'done', why);
      return;
    }
    if (step === 'end' && missing !== 'keep') {
      step = 'more';
      while (step === 'more' && inTime())
        step = await this.imports.treatMissing(held, linesAtOnce, importTimes.leaseMs);
    }
    if (step === 'end') await this.imports.finish(held, 'done', undefined);
    else if (step === 'more') await this.imports.release(held);
  }

  private async failed(held: HeldImport, error: unknown): Promise<void> {
    const forGood = ['misconfigured', 'invalid', 'not-found', 'forbidden'].includes(kindOf(error));
    if (forGood || held.attempts + 1 >= mostAttempts) {
      await this.imports.finish(held, 'failed', messageOf(error));
      if (!held.staged) await this.files.remove(held.request.fileKey);
      return;
    }
    const told = error instanceof AppError ? error.retryAfterMs : undefined;
    const growing = Math.min(importTimes.waitMs * 2 ** held.attempts, importTimes.longestWaitMs);
    await this.imports.postpone(held, told ?? growing, messageOf(error));
  }
}
