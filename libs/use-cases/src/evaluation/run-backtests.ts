import type { Account } from '#domain/accounts/account.js';
import { Accounts } from '#domain/accounts/accounts.js';
import { CommentContexts } from '#domain/comments/comment-contexts.js';
import type { Verdict } from '#domain/comments/verdict.js';
import {
  addComparisons,
  changedSettings,
  type Asking,
  type BacktestRequest,
  type Comparison,
  type Understanding,
} from '#domain/evaluation/backtest.js';
import { Backtests, type HeldBacktest } from '#domain/evaluation/backtests.js';
import { compare } from '#domain/evaluation/compare.js';
import { costOf, type Tokens } from '#domain/evaluation/model-cost.js';
import { Samples, type Sample } from '#domain/evaluation/samples.js';
import { TrialClassifier } from '#domain/evaluation/trial-classifier.js';
import { Patterns } from '#domain/policies/patterns.js';
import { Policies } from '#domain/policies/policies.js';
import { PreparedSettings } from '#domain/policies/prepared-settings.js';
import type { PolicySettings } from '#domain/policies/settings.js';
import { PromptLibrary } from '#domain/prompts/prompt-library.js';
import { AppError, kindOf, messageOf } from '#domain/shared/errors.js';
import { Clock } from '#domain/shared/clock.js';

export const backtestTimes = {
  /** Longer than the slowest batch: every call in it may take its whole deadline, twice. */
  leaseMs: 300_000,
  /** The same where no model is asked: what a killed worker delays its backtest by. */
  shortLeaseMs: 30_000,
  /** Then another backtest may have its turn, and a process that stops has not long to wait. */
  sliceMs: 5_000,
  /** Between tries after a failure, growing with each. */
  waitMs: 5_000,
  longestWaitMs: 300_000,
  /** Often enough to begin soon after midnight, seldom enough that a day is less than all its tries. */
  withoutMoneyMs: 5_400_000,
} as const;

/** Read at once while no model is asked. */
const storedAtOnce = 1_000;
/** Asked at once: production has the rest of the model's places. */
const askedAtOnce = 8;
/** Failures one after the other, without one batch between them. */
const mostAttempts = 20;

/** What came of one batch: results in order, up to the first failure. */
interface Worked {
  readonly comparisons: readonly Comparison[];
  readonly asking: Asking;
  readonly failure: unknown;
}

/** Both sides, made ready. */
interface Trial extends Pick<BacktestRequest, 'understanding' | 'against'> {
  readonly account: Account;
  readonly now: PreparedSettings;
  readonly changed: PreparedSettings;
}

interface Understood {
  readonly verdict: Verdict | undefined;
  readonly asking: Asking;
}

const nothingAsked: Asking = { tokens: { input: 0, output: 0 }, asked: 0, cost: 0 };

/** Works on what was requested. It reads comments and asks the model: nothing is sent, hidden, told or decided. */
export class RunBacktests {
  constructor(
    private readonly backtests: Backtests,
    private readonly samples: Samples,
    private readonly accounts: Accounts,
    private readonly policies: Policies,
    private readonly patterns: Patterns,
    private readonly contexts: CommentContexts,
    private readonly library: PromptLibrary,
    private readonly classifier: TrialClassifier,
    private readonly clock: Clock,
  ) {}

  /** Works for some seconds on one of them. @returns false when there is nothing to do */
  async execute(): Promise<boolean> {
    const held = await this.backtests.claim(backtestTimes.leaseMs);
    if (!held) return false;
    try {
      await this.work(held);
    } catch (error) {
      await this.failed(held, error);
    }
    return true;
  }

  private async work(begun: HeldBacktest): Promise<void> {
    let held = begun;
    const trial = await this.trialOf(held);
    const end = this.clock.elapsedMs() + backtestTimes.sliceMs;
    while (this.clock.elapsedMs() < end) {
      const { samples, done } = await this.nextSamples(held);
      const { comparisons, asking, failure } = await this.tryAll(samples, trial);
      const kept = samples.slice(0, comparisons.length).at(-1);
      const figures = addComparisons(held.figures, comparisons, asking);
      const cursor = kept?.cursor ?? held.cursor;
      const batch = { figures, cursor, comparisons };
      const forMs = held.request.understanding ? backtestTimes.leaseMs : backtestTimes.shortLeaseMs;
      if (!(await this.backtests.keep(held, batch, forMs))) return;
      held = { ...held, figures, cursor, attempts: comparisons.length > 0 ? 0 : held.attempts };
      if (failure !== undefined) {
        await this.failed(held, failure);
        return;
      }
      if (done) {
        await this.backtests.finish(held, 'done', undefined);
        return;
      }
      const { maxCost } = held.request;
      if (maxCost !== undefined && (figures.cost ?? 0) > maxCost) {
        await this.backtests.finish(held, 'failed', 'It has cost more than maxCost; what it has found is kept.');
        return;
      }
    }
    await this.backtests.release(held);
  }

  private async trialOf({ request: { accountId, policy, understanding, against } }: HeldBacktest): Promise<Trial> {
    const { settings } = await this.policies.current(accountId);
    const prepared = (which: PolicySettings): PreparedSettings => new PreparedSettings(which, this.patterns);
    return {
      account: await this.accounts.get(accountId),
      now: prepared(settings),
      changed: prepared(changedSettings(settings, policy)),
      understanding,
      against,
    };
  }

  private async nextSamples({ request, figures, cursor }: HeldBacktest) {
    const asks = request.understanding !== undefined;
    const left = Math.max(0, request.limit - figures.compared);
    const most = Math.min(left, asks ? askedAtOnce : storedAtOnce);
    const samples = most === 0 ? [] : await this.samples.page(request, cursor, most);
    return { samples, done: samples.length < most || samples.length === left };
  }

  private async tryAll(samples: readonly Sample[], trial: Trial): Promise<Worked> {
    const results = await Promise.allSettled(samples.map(async (sample) => await this.tryOne(sample, trial)));
    const failedAt = results.findIndex(({ status }) => status === 'rejected');
    const good = results.slice(0, failedAt === -1 ? undefined : failedAt);
    const done = good.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failure = results[failedAt];
    return {
      comparisons: done.map(({ comparison }) => comparison),
      asking: done.reduce((sum, { asking }) => together(sum, asking), nothingAsked),
      failure: failure?.status === 'rejected' ? failure.reason : undefined,
    };
  }

  private async tryOne(sample: Sample, { account, now, changed, understanding, against }: Trial) {
    const stored: Understood = { verdict: sample.said, asking: nothingAsked };
    const before = against ? await this.ask(sample, account, against) : stored;
    const after = understanding ? await this.ask(sample, account, understanding) : before;
    const comparison = compare(
      sample,
      { verdict: before.verdict, settings: now },
      { verdict: after.verdict, settings: changed },
    );
    return {
      comparison,
      asking: together(against ? before.asking : nothingAsked, understanding ? after.asking : nothingAsked),
    };
  }

  private async ask({ comment }: Sample, account: Account, { prompt, model }: Understanding): Promise<Understood> {
    const context = await this.contexts.of(comment, account);
    const how = { prompt: this.library.get('classify-comment', prompt), model };
    try {
      const { classification, asked, tokens } = await this.classifier.classify(context, how);
      if (classification.kind === 'over-budget') throw overBudget();
      const verdict = classification.kind === 'verdict' ? classification.verdict : undefined;
      return { verdict, asking: asked ? { tokens, asked: 1, cost: this.costOf(tokens, model) } : nothingAsked };
    } catch (error) {
      // Of this one comment the model will hear nothing: that is a result, too.
      if (kindOf(error) === 'rejected') return { verdict: undefined, asking: { ...nothingAsked, asked: 1 } };
      throw error;
    }
  }

  private costOf(tokens: Tokens, model: string): number | undefined {
    const price = this.classifier.priceOf(model);
    return price && costOf(tokens, price);
  }

  private async failed(held: HeldBacktest, error: unknown): Promise<void> {
    const forGood = ['misconfigured', 'invalid', 'not-found', 'forbidden'].includes(kindOf(error));
    if (forGood || held.attempts + 1 >= mostAttempts) {
      await this.backtests.finish(held, 'failed', messageOf(error));
      return;
    }
    const told = error instanceof AppError ? error.retryAfterMs : undefined;
    const growing = Math.min(backtestTimes.waitMs * 2 ** held.attempts, backtestTimes.longestWaitMs);
    await this.backtests.postpone(held, told ?? growing, messageOf(error));
  }
}

/** It goes on when there is money again: budgets are of a day. */
function overBudget(): AppError {
  const what = 'the account\u2019s money for models is spent today; this goes on tomorrow';
  return new AppError('exhausted', what, { retryAfterMs: backtestTimes.withoutMoneyMs });
}

function together(one: Asking, other: Asking): Asking {
  return {
    tokens: { input: one.tokens.input + other.tokens.input, output: one.tokens.output + other.tokens.output },
    asked: one.asked + other.asked,
    cost: one.cost === undefined || other.cost === undefined ? undefined : one.cost + other.cost,
  };
}
