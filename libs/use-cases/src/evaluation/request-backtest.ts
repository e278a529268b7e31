import { Accounts } from '#domain/accounts/accounts.js';
import {
  backtestRules,
  changedSettings,
  type BacktestRequest,
  type BacktestSource,
  type PolicyChange,
  type Understanding,
} from '#domain/evaluation/backtest.js';
import { Backtests, type Backtest } from '#domain/evaluation/backtests.js';
import { costOf, estimatedTokens } from '#domain/evaluation/model-cost.js';
import { Samples } from '#domain/evaluation/samples.js';
import { TrialClassifier } from '#domain/evaluation/trial-classifier.js';
import { conflictsIn } from '#domain/policies/conflicts.js';
import { Patterns } from '#domain/policies/patterns.js';
import { Policies } from '#domain/policies/policies.js';
import { PromptChoices } from '#domain/prompts/prompt-choices.js';
import { PromptLibrary } from '#domain/prompts/prompt-library.js';
import { AppError } from '#domain/shared/errors.js';
import { Clock } from '#domain/shared/clock.js';
import type { AccountId } from '#domain/shared/ids.js';

/** As an operator asks for it; what is left out is the usual. */
export interface BacktestWish {
  /** May be left out while one account is connected. */
  readonly accountId: AccountId | undefined;
  readonly over: BacktestSource;
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  readonly limit: number;
  readonly policy: PolicyChange;
  readonly understanding: Partial<Understanding> | undefined;
  readonly against: Partial<Understanding> | undefined;
  readonly maxCost: number | undefined;
}

const tooMany = `This account has ${backtestRules.atOnce} backtests under way: wait for one, or cancel one.`;

/** Checks what is to be tried, counts and estimates it, and queues it. */
export class RequestBacktest {
  constructor(
    private readonly accounts: Accounts,
    private readonly backtests: Backtests,
    private readonly samples: Samples,
    private readonly policies: Policies,
    private readonly patterns: Patterns,
    private readonly library: PromptLibrary,
    private readonly choices: PromptChoices,
    private readonly classifier: TrialClassifier,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError 'not-found' | 'conflict' | 'invalid' */
  async execute(wish: BacktestWish): Promise<Backtest> {
    const accountId = await this.accountOf(wish.accountId);
    const changesPolicy = Object.values(wish.policy).some((value) => value !== undefined);
    if (!changesPolicy && !wish.understanding) {
      throw new AppError('invalid', 'Nothing is to be tried: change the policy, the prompt or the model.');
    }
    if (wish.against && !wish.understanding) {
      throw new AppError('invalid', 'What is compared with another prompt or model must name its own.');
    }
    await this.refuseContradictions(accountId, wish.policy);
    const now = this.clock.now();
    const to = wish.to && wish.to < now ? wish.to : now;
    if (wish.from && wish.from >= to) throw new AppError('invalid', 'The time ends before it begins.');
    if ((await this.backtests.unfinished(accountId)) >= backtestRules.atOnce) throw new AppError('conflict', tooMany);

    const request: BacktestRequest = {
      accountId,
      over: wish.over,
      from: wish.from,
      to,
      limit: Math.min(wish.limit, backtestRules.most),
      policy: wish.policy,
      understanding: await this.understandingOf(accountId, wish.understanding),
      against: await this.understandingOf(accountId, wish.against),
      maxCost: wish.maxCost,
    };
    const { comments, characters } = await this.samples.count(request, request.limit);
    const estimate = this.estimate(request, comments, characters);
    refuseTooDear(estimate, wish.maxCost);
    return await this.backtests.create({ request, total: comments, estimate });
  }

  private async accountOf(given: AccountId | undefined): Promise<AccountId> {
    if (given !== undefined) return (await this.accounts.get(given)).id;
    const [only, another] = await this.accounts.all();
    if (!only) throw new AppError('conflict', 'No account is connected yet.');
    if (another) throw new AppError('conflict', 'Several accounts are connected: say which one with accountId.');
    return only.id;
  }

  /** What could not be switched on is not worth trying. */
  private async refuseContradictions(accountId: AccountId, policy: PolicyChange): Promise<void> {
    const { settings } = await this.policies.current(accountId);
    const [first] = conflictsIn(changedSettings(settings, policy), this.patterns);
    if (first) throw new AppError('invalid', first.text);
  }

  /** What is not said is what is in force now: the report names it, whatever is chosen later. */
  private async understandingOf(
    accountId: AccountId,
    wish: Partial<Understanding> | undefined,
  ): Promise<Understanding | undefined> {
    if (!wish) return undefined;
    const inForce = async (): Promise<number> =>
      (await this.choices.inForce('classify-comment', accountId)).active ??
      this.library.usualOf('classify-comment').version;
    const { version } = this.library.get('classify-comment', wish.prompt ?? (await inForce()));
    return { prompt: version, model: wish.model ?? this.classifier.usualModel };
  }

  private estimate(request: BacktestRequest, comments: number, characters: number): number | undefined {
    const mean = comments === 0 ? 0 : characters / comments;
    const costs = [request.understanding, request.against].map((how) => {
      if (!how) return 0;
      const price = this.classifier.priceOf(how.model);
      const tokens = estimatedTokens(this.library.get('classify-comment', how.prompt).text, mean);
      return price && comments * costOf(tokens, price);
    });
    return costs.reduce((sum, cost) => (sum === undefined || cost === undefined ? undefined : sum + cost), 0);
  }
}

function refuseTooDear(estimate: number | undefined, most: number | undefined): void {
  if (most === undefined || (estimate !== undefined && estimate <= most)) return;
  const dollars = (micros: number): string => `$${(micros / 1_000_000).toFixed(2)}`;
  throw new AppError(
    'invalid',
    estimate === undefined
      ? 'Nobody knows what this model costs, so it cannot be kept below maxCost.'
      : `This would cost some ${dollars(estimate)}, more than maxCost (${dollars(most)}): take fewer comments.`,
  );
}
