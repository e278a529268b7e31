import type { Logger } from 'pino';
import { coverageRules } from '#domain/coverage/coverage-rules.js';
import type { Turns } from '#domain/work/turns.js';
import type { CheckSubscriptions } from '#use-cases/accounts/check-subscriptions.js';
import type { RenewAccess } from '#use-cases/accounts/renew-access.js';
import type { ReconcileCoverage } from '#use-cases/coverage/reconcile-coverage.js';
import type { WatchCoverage } from '#use-cases/coverage/watch-coverage.js';
import { inTurn } from './in-turn.js';
import type { Schedule } from './schedules.js';

const minuteMs = 60_000;
/** How often a worker asks whether it is its turn; the turn itself says how often the work is done. */
const askEveryMs = 15_000;
/** A lost subscription and a look that finds much are one trouble: the one is checked at every third of the other. */
const looksPerSubscriptionCheck = 3;
/** A day has 24 tries: what fails at night is put right by the morning. */
const accessEveryMs = 60 * minuteMs;
/** How long a turn is ours: a worker that dies with it costs this much at most. Two at once are harmless. */
const turnMs = { least: 15_000, most: 5 * minuteMs };

export interface CareSettings {
  readonly coverageEveryMs: number;
  /** Without it tokens are not renewed, which is said at the start. */
  readonly keepsTokens: boolean;
}

/** What one worker does on a clock for the accounts of all: coverage, subscriptions, access. */
export class AccountCare {
  constructor(
    private readonly turns: Turns,
    private readonly reconcileCoverage: ReconcileCoverage,
    private readonly watchCoverage: WatchCoverage,
    private readonly checkSubscriptions: CheckSubscriptions,
    private readonly renewAccess: RenewAccess,
    private readonly settings: CareSettings,
    private readonly logger: Logger,
  ) {
    if (settings.keepsTokens) return;
    logger.warn('ENCRYPTION_KEY is not set: tokens are not renewed, and INSTA_TOKEN ends after 60 days.');
  }

  schedules(): readonly Schedule[] {
    const { coverageEveryMs } = this.settings;
    const forMs = this.turnMs();
    const one = (name: string, everyMs: number, afterFailureMs: number, run: () => Promise<number>): Schedule => ({
      name,
      everyMs: Math.min(everyMs, askEveryMs),
      run: async () => await inTurn(this.turns, { name, forMs, afterFailureMs }, run),
    });
    return [
      one('coverage', coverageEveryMs, coverageEveryMs, async () => await this.cover()),
      one('subscriptions', this.subscriptionsEveryMs(), coverageEveryMs, async () => await this.subscribe()),
      one('access', accessEveryMs, accessEveryMs, async () => await this.renew()),
    ];
  }

  private turnMs(): number {
    return Math.min(Math.max(this.settings.coverageEveryMs, turnMs.least), turnMs.most);
  }

  private subscriptionsEveryMs(): number {
    return this.settings.coverageEveryMs * looksPerSubscriptionCheck;
  }

  private async cover(): Promise<number> {
    const { coverageEveryMs } = this.settings;
    const graceMs = Math.min(coverageRules.graceMs, coverageEveryMs);
    try {
      const run = await this.reconcileCoverage.execute({ graceMs, withinMs: this.turnMs() / 2 });
      const something = run.found + run.imported + run.unfinished > 0;
      this.logger[something ? 'info' : 'debug'](run, 'Looked for comments that no webhook told about.');
      // Until the first account is known there is nothing to look at; a long history goes on at once.
      return run.accounts === 0 || run.unfinished > 0 ? 0 : coverageEveryMs;
    } finally {
      await this.watchCoverage.execute();
    }
  }

  private async subscribe(): Promise<number> {
    const { checked, renewed } = await this.checkSubscriptions.execute();
    if (renewed.length > 0) this.logger.warn({ accounts: renewed }, 'Subscribed to comments again.');
    return checked === 0 ? 0 : this.subscriptionsEveryMs();
  }

  private async renew(): Promise<number> {
    const { checked, renewed, failures } = await this.renewAccess.execute();
    if (renewed > 0) this.logger.info({ renewed }, 'Access is renewed.');
    for (const err of failures) this.logger.warn({ err }, 'Access could not be renewed; it is tried again in an hour.');
    return checked === 0 ? 0 : accessEveryMs;
  }
}
