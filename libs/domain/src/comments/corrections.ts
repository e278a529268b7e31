import type { AccountId, CommentId, MediaId } from '../shared/ids.js';
import type { CommentClass } from './verdict.js';

/** Stands as the model of a verdict that a person gave. */
export const correctedByPerson = 'operator';

export interface NewCorrection {
  readonly commentId: CommentId;
  readonly to: CommentClass;
  /** Why, in the person's words; never empty. */
  readonly reason: string;
  readonly by: string;
}

/** What the machine thought before anybody corrected it. */
interface MachineVerdict {
  readonly class: CommentClass;
  /** 0 to 100. */
  readonly confidence: number;
  readonly model: string;
  readonly promptVersion: string;
}

/** A comment of which a person has said what it is: the truth that prompts, models and thresholds are measured by (CL-7). */
export interface CorrectedComment {
  /** Where a page ended; grows with time. Of the latest correction: one that is corrected again comes again. */
  readonly cursor: string;
  readonly commentId: CommentId;
  readonly accountId: AccountId;
  /** For its context, as the comment itself has them. */
  readonly mediaId: MediaId | undefined;
  readonly parentId: CommentId | undefined;
  readonly text: string;
  /** Undefined where no model had said anything: it was decided without one, or the comment was parked. */
  readonly machine: MachineVerdict | undefined;
  readonly class: CommentClass;
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
  /** How often it was corrected. */
  readonly times: number;
}

export interface CorrectionsQuery {
  /** All accounts when not given. */
  readonly account?: AccountId | undefined;
  /** `cursor` of the last one of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/**
 * What people say that comments are. The latest word counts, every word is kept. `list` is the evaluation set: read it
 * page by page until a page is shorter than its limit.
 */
export abstract class Corrections {
  /**
   * The verdict becomes the person's, with a line in the ledger and without anything else: nothing is sent, hidden or
   * shown because of it. Equal comments no longer take over the verdict that was wrong, nor do they take over this one
   * (a process that has just asked the model may hand the former one out for another minute). Safe to repeat: the same
   * word of the same person is one correction.
   * @returns what it was before, and what it is now
   * @throws AppError 'not-found' | 'conflict' when nobody has tried to understand the comment yet
   */
  abstract correct(correction: NewCorrection): Promise<CorrectedComment>;
  /** One line per comment, in the order of the latest corrections, oldest first. */
  abstract list(query: CorrectionsQuery): Promise<readonly CorrectedComment[]>;
}
