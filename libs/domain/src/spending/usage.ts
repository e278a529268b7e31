import type { AccountId } from '../shared/ids.js';
import type { Micros } from './budget.js';

/** By what a report can tell apart. */
export const usageGroups = ['day', 'account', 'task', 'model'] as const;
export type UsageGroup = (typeof usageGroups)[number];

export interface UsageQuestion {
  /** The first and the last day: 2026-11-21, UTC. */
  readonly from: string;
  readonly to: string;
  readonly accountId: AccountId | undefined;
  /** Rows that are alike in these are one. */
  readonly by: readonly UsageGroup[];
  readonly limit: number;
  readonly offset: number;
}

/** Figures of calls to models. A field of a group that was not asked for is undefined. */
export interface UsageRow {
  readonly day: string | undefined;
  readonly accountId: string | undefined;
  readonly task: string | undefined;
  readonly model: string | undefined;
  readonly figures: UsageFigures;
}

export interface UsageFigures {
  readonly calls: number;
  /** Of these, without an answer. */
  readonly failed: number;
  readonly inputTokens: number;
  /** Of these, read from the vendor's cache. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly micros: Micros;
  /** Calls of models whose price nobody named: their tokens are counted, their money is not. */
  readonly unpriced: number;
}

export interface UsageReport {
  readonly rows: readonly UsageRow[];
  /** Of all rows, also those on other pages. */
  readonly total: UsageFigures;
  readonly count: number;
}

export abstract class Usage {
  /** Newest days first, within a day the dearest first. */
  abstract report(question: UsageQuestion): Promise<UsageReport>;
}
