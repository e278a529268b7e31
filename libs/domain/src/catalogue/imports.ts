import type { AccountId } from '../shared/ids.js';
import type { Columns, ReadLine } from './import-lines.js';
import type { LineProblem } from './line-problems.js';

export const importStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type ImportState = (typeof importStates)[number];

/** What becomes of products that are not in the file. */
export const missingChoices = ['keep', 'out-of-stock', 'delete'] as const;
export type MissingChoice = (typeof missingChoices)[number];

export const importTypes = ['csv', 'xlsx'] as const;
export type ImportType = (typeof importTypes)[number];

/** In a dry run, what would have become of it. */
export const lineOutcomes = [
  'waiting',
  'created',
  'changed',
  'unchanged',
  'failed',
  'put-out-of-stock',
  'deleted',
] as const;
export type LineOutcome = (typeof lineOutcomes)[number];

export const importRules = {
  /** What a catalogue of the largest size needs, twice. */
  bytes: 20 * 1024 * 1024,
  rows: 50_000,
  /** Waiting or running, of one account. */
  atOnce: 5,
  /** Reports that old are removed. */
  keptDays: 30,
} as const;

export interface ImportRequest {
  readonly accountId: AccountId;
  /** As who sent it called it. */
  readonly fileName: string;
  readonly type: ImportType;
  /** In the file store, until the file is read. */
  readonly fileKey: string;
  /** For prices beside which none is said. */
  readonly currency: string | undefined;
  readonly missing: MissingChoice;
  /** Nothing is changed; the report says what would be. */
  readonly dryRun: boolean;
}

export interface ProductImport {
  readonly id: string;
  readonly request: ImportRequest;
  readonly state: ImportState;
  /** Why it failed, or waits; or what of it was not done, and why. */
  readonly reason: string | undefined;
  /** Lines of the file with something in them; undefined until it is read. */
  readonly lines: number | undefined;
  readonly counts: Readonly<Record<LineOutcome, number>>;
  /** Headings that mean nothing to us. */
  readonly unknownColumns: readonly string[];
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
}

/** One line of the report. */
export interface ImportLine {
  /** Its place in the report, from 1. */
  readonly number: number;
  /** Its line in the file; undefined for a product that is not in the file. */
  readonly line: number | undefined;
  readonly sku: string | undefined;
  readonly outcome: LineOutcome;
  readonly problems: readonly LineProblem[];
}

/** The right to work on one import until it runs out (database time); every write carries its epoch. */
export interface HeldImport {
  readonly id: string;
  readonly epoch: number;
  readonly request: ImportRequest;
  /** Whether its lines are in the database. */
  readonly staged: boolean;
  /** Lines of which nobody can say which product they speak of. */
  readonly linesWithoutSku: number;
  /** Failures since the last batch that was kept. */
  readonly attempts: number;
}

/** `more`: the next batch. `lost`: no longer ours, nothing was kept. */
export type Step = 'more' | 'end' | 'lost';

/**
 * Imports are their own outbox: a row is due while there is something left to do. What a batch of lines changes and what
 * the report says of them is one commit, so that each line is used once, whoever dies in between.
 */
export abstract class Imports {
  /** @throws AppError 'conflict' while too many of the account's are unfinished */
  abstract create(request: ImportRequest): Promise<ProductImport>;
  abstract find(id: string): Promise<ProductImport | undefined>;
  /** Newest first. @param before the id of the last one of the page before */
  abstract list(accountId: AccountId, before: string | undefined, limit: number): Promise<readonly ProductImport[]>;
  /** The report in its order. @param after the number of the last one of the page before; 0 at the beginning */
  abstract lines(
    id: string,
    outcomes: readonly LineOutcome[],
    after: number,
    limit: number,
  ): Promise<readonly ImportLine[]>;
  /** At once: what has been changed stays. @returns whether it was unfinished */
  abstract cancel(id: string): Promise<boolean>;
  /** One that is due, the longest waiting first. */
  abstract claim(forMs: number): Promise<HeldImport | undefined>;
  /** Keeps what the file says, as a whole; what an earlier try kept is replaced. @returns undefined when it is no longer ours */
  abstract stage(
    held: HeldImport,
    columns: Columns,
    lines: readonly ReadLine[],
    forMs: number,
  ): Promise<HeldImport | undefined>;
  /** Uses the next lines, up to `most`. */
  abstract useLines(held: HeldImport, most: number, forMs: number): Promise<Step>;
  /** Treats the next products that are not in the file as was asked, up to `most`. */
  abstract treatMissing(held: HeldImport, most: number, forMs: number): Promise<Step>;
  /** The others may go on with it. Does nothing when it is no longer ours, as the next two. */
  abstract release(held: HeldImport): Promise<void>;
  abstract postpone(held: HeldImport, byMs: number, why: string): Promise<void>;
  abstract finish(held: HeldImport, state: 'done' | 'failed', why: string | undefined): Promise<void>;
  /** Of those that ended so long ago. @returns how many are gone */
  abstract forget(keptDays: number): Promise<number>;
}
