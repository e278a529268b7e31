import { channel } from 'node:diagnostics_channel';
import type { Micros } from '#domain/spending/budget.js';
import { AppError } from '#domain/shared/errors.js';
import { failureOf } from '../resilience/vendor-failures.js';
import type { CallBook, CallOutcome, EndedCall } from './call-book.js';
import { costOf, priceOf, type PriceTable } from './model-prices.js';
import {
  nothingUsed,
  type ModelAnswer,
  type ModelRequest,
  type OverBudget,
  type PaidCall,
  type Usage,
} from './model-request.js';

/** When what is left of a budget is promised to calls under way: most of them have ended by then. */
const lookAgainMs = 3_000;
const mostUnknown = 100;

/** What a call that was made took, for whoever counts. */
export interface ModelCallEvent {
  readonly task: string;
  readonly model: string;
  readonly outcome: CallOutcome;
  readonly usage: Usage;
  readonly cost: Micros | undefined;
}

/** Where calls that were made are told of. */
export const modelCallsChannel = 'instachatico.model-calls';
const events = channel(modelCallsChannel);

/** @returns ends it */
export function onModelCall(listener: (event: ModelCallEvent) => void): () => void {
  const receive = (message: unknown): void => listener(message as ModelCallEvent); // only ModelCalls publishes here
  events.subscribe(receive);
  return () => {
    events.unsubscribe(receive);
  };
}

/** Makes calls that budgets allow, and writes down what each of them took, also those that fail. */
export class ModelCalls {
  readonly #unknown = new Set<string>();

  /** @param withoutPrice hears once of every model whose price nobody named */
  constructor(
    private readonly book: CallBook,
    private readonly prices: PriceTable,
    private readonly withoutPrice: (model: string) => void,
  ) {}

  /**
   * @param tokens that it takes at most
   * @param make the call; tells when it is sent, if it is
   * @param worth what its answer is worth
   * @throws what the call throws; AppError 'rate-limited' when the last of the budget is promised to other calls
   */
  async pay<Answer extends { readonly usage: Usage }>(
    { purpose: task, model, promptVersion, spender }: PaidCall,
    tokens: Usage,
    make: (sent: () => void) => Promise<Answer>,
    worth: (answer: Answer) => CallOutcome,
  ): Promise<Answer | OverBudget> {
    const price = this.#priceOf(model);
    const estimate = price ? costOf(price, tokens) : 0;
    const begun = await this.book.begin({ task, model, promptVersion, spender, estimate });
    if (begun.kind === 'over-budget') return { kind: begun.kind, detail: begun.whose, usage: nothingUsed, model };
    if (begun.kind === 'wait') {
      const why = 'what is left of the budget is promised to calls that are under way';
      throw new AppError('rate-limited', why, { retryAfterMs: lookAgainMs });
    }
    let sentAt: number | undefined;
    const end = async (outcome: CallOutcome, usage: Usage, failure?: string): Promise<void> => {
      const cost = price && costOf(price, usage);
      const latencyMs = performance.now() - (sentAt ?? performance.now());
      const ended: EndedCall = {
        outcome: sentAt === undefined ? 'not-made' : outcome,
        failure,
        usage,
        cost,
        latencyMs,
      };
      if (sentAt !== undefined) events.publish({ task, model, outcome, usage, cost } satisfies ModelCallEvent);
      // An answer is worth more than the note about it: without one the call counts at its estimate.
      await this.book.end(begun.id, ended).catch(() => undefined);
    };
    try {
      const answer = await make(() => (sentAt = performance.now()));
      await end(worth(answer), answer.usage);
      return answer;
    } catch (error) {
      await end('failed', nothingUsed, failureOf(error));
      throw error;
    }
  }

  #priceOf(model: string): ReturnType<typeof priceOf> {
    const price = priceOf(this.prices, model);
    if (price || this.#unknown.has(model) || this.#unknown.size >= mostUnknown) return price;
    this.#unknown.add(model);
    this.withoutPrice(model);
    return undefined;
  }
}

export function outcomeOf({ accepts, turns }: ModelRequest, answer: ModelAnswer): CallOutcome {
  if (answer.kind === 'refused') return 'refused';
  if (answer.kind !== 'text' || accepts?.(answer.text) === false) return 'unreadable';
  return turns.length > 1 ? 'repaired' : 'ok';
}
