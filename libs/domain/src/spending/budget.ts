import type { AccountId } from '../shared/ids.js';

/** Dollars in millionths: what a token costs is a fraction of a cent, and sums of whole numbers stay exact. */
export type Micros = number;

export const microsPerDollar = 1_000_000;

/** What may be spent on models in one day (UTC) when nobody says otherwise, and when operators hear of it. */
export const budgetRules = {
  // Some 100,000 comments with the model we ship with.
  account: 50 * microsPerDollar,
  // Some 2,000 comments with that model. Nobody has so much to say in a day; whoever does wants to see us pay for it.
  author: 1 * microsPerDollar,
  warnAtPercent: 70,
  /** More is a typing error. */
  most: 100_000 * microsPerDollar,
  /** For so long single calls can be looked at; sums of days are kept. */
  callsKeptDays: 90,
  /** Longer than any call takes: whoever made it is dead, and the vendor may have charged for it. */
  lostAfterMs: 120_000,
} as const;

/** Whose budget ended a call before it was made. */
export const budgetOwners = ['account', 'author'] as const;
export type BudgetOwner = (typeof budgetOwners)[number];

/** Dollars that one account may spend on models in one day, in millionths. */
export interface Budget {
  readonly account: Micros;
  /** For the comments of one author. */
  readonly author: Micros;
}

/** A budget, and how it stands today. */
export interface AccountBudget extends Budget {
  readonly accountId: AccountId;
  /** What was chosen for this account; the rest is the usual. */
  readonly chosen: Partial<Budget>;
  readonly today: {
    /** 2026-11-21, UTC. */
    readonly day: string;
    readonly spent: Micros;
    /** Calls that were not made for want of the account's money. */
    readonly refused: number;
    /** Authors whose share is used up. */
    readonly authorsStopped: number;
  };
}

/** What accounts may spend on models in a day, and how far they are. */
export abstract class Budgets {
  abstract get(accountId: AccountId): Promise<AccountBudget>;
  /**
   * Takes effect with the next call, on every worker; undefined is the usual.
   * @returns how it stands with the new one
   */
  abstract set(accountId: AccountId, chosen: Partial<Budget>): Promise<AccountBudget>;
  /** Accounts that have spent so much today that operators should know: in percent of the budget, or by a refused call. */
  abstract noteworthy(fromPercent: number): Promise<readonly AccountBudget[]>;
}
