import type { BudgetOwner, Micros } from '#domain/spending/budget.js';
import type { Spender, Usage } from './model-request.js';

/** What became of a call that was made. */
export const callOutcomes = ['ok', 'repaired', 'refused', 'unreadable', 'failed'] as const;
export type CallOutcome = (typeof callOutcomes)[number];

/** A call that is about to be made. */
export interface PlannedCall {
  readonly task: string;
  readonly model: string;
  readonly promptVersion: string;
  readonly spender: Spender;
  /** More than it will cost; 0 when nobody knows the price. */
  readonly estimate: Micros;
}

/** What became of it. */
export interface EndedCall {
  /** `not-made`: something stopped it on the way, and nothing was sent. */
  readonly outcome: CallOutcome | 'not-made';
  /** How it failed. */
  readonly failure: string | undefined;
  readonly usage: Usage;
  /** Undefined when nobody knows the price. */
  readonly cost: Micros | undefined;
  readonly latencyMs: number;
}

export type Begun =
  | { readonly kind: 'may-be-made'; readonly id: string }
  | { readonly kind: 'over-budget'; readonly whose: BudgetOwner }
  /** What is left is promised to calls that are under way. */
  | { readonly kind: 'wait' };

/** Every call to a model: written down before it is made, with the money it may take, and again when it has ended. */
export interface CallBook {
  /** Promises the estimate to this call, if budgets allow; whoever asks at once. @throws AppError 'unavailable' */
  begin(call: PlannedCall): Promise<Begun>;
  /** The first ending counts. @throws AppError 'unavailable' */
  end(id: string, call: EndedCall): Promise<void>;
}
