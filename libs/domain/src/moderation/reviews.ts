import type { ReasonCode } from '../comments/reason-codes.js';
import type { Verdict } from '../comments/verdict.js';
import type { AccountId, CommentId, ReviewId } from '../shared/ids.js';

export const reviewVerdicts = ['right', 'wrong'] as const;
export type ReviewVerdict = (typeof reviewVerdicts)[number];

/** One of the week's sample: a comment that the machine hid, and whether that was right. */
export interface Review {
  readonly id: ReviewId;
  readonly accountId: AccountId;
  /** The Monday of its week, UTC. */
  readonly week: Date;
  readonly commentId: CommentId;
  readonly text: string;
  readonly username: string | undefined;
  /** What it is, as it stands now: a model's verdict or a person's; undefined where a rule decided without one. */
  readonly verdict: Pick<Verdict, 'class' | 'confidence' | 'reason'> | undefined;
  readonly hiddenAt: Date;
  /** Whether it is hidden now: somebody may have brought it back meanwhile. */
  readonly hidden: boolean;
  readonly deleted: boolean;
  /** The ledger's lines that led to the hide, oldest first: policy or rule, with their figures. */
  readonly because: readonly { readonly reason: ReasonCode; readonly detail: Readonly<Record<string, unknown>> }[];
  readonly answer: ReviewAnswer | undefined;
}

export interface ReviewAnswer {
  readonly verdict: ReviewVerdict;
  readonly note: string | undefined;
  readonly by: string;
  readonly at: Date;
}

export interface ReviewsQuery {
  /** A week's Monday; the newest week from which a sample was drawn when not given. */
  readonly week: Date | undefined;
  readonly account: AccountId | undefined;
  /** Only what nobody has answered yet. */
  readonly open: boolean;
  readonly after: ReviewId | undefined;
  readonly limit: number;
}

/** What people found in one week of one account. */
export interface WeekOfHides {
  readonly accountId: AccountId;
  /** Its Monday, UTC. */
  readonly week: Date;
  /** Comments that the machine hid in it. */
  readonly hidden: number;
  readonly sampled: number;
  readonly reviewed: number;
  readonly wrong: number;
}

/** The weekly sample of what the machine hid (PO-3). What people hid by themselves is no part of it. */
export abstract class Reviews {
  /**
   * Draws the sample of every account and every week that is over and was not drawn from, by chance that is the same
   * whoever draws. One commit, by the database's clock; safe with any number of workers.
   * @returns how many weeks were drawn from, and how many comments are now to be reviewed
   */
  abstract draw(): Promise<{ readonly weeks: number; readonly comments: number }>;
  abstract find(id: ReviewId): Promise<Review | undefined>;
  /** In an order that stays; empty where nothing was drawn. */
  abstract list(query: ReviewsQuery): Promise<readonly Review[]>;
  /** A person's answer and its line in the ledger, in one commit; the same answer again changes nothing. */
  abstract answer(id: ReviewId, verdict: ReviewVerdict, note: string | undefined, by: string): Promise<void>;
  /** The newest weeks that were drawn from, newest first. */
  abstract weeks(account: AccountId | undefined, limit: number): Promise<readonly WeekOfHides[]>;
}
