import { Coverage, type AccountCoverage } from '#domain/coverage/coverage.js';
import { judgeCoverage } from '#domain/coverage/coverage-rules.js';
import { Incidents } from '#domain/notifications/incidents.js';
import { Clock } from '#domain/shared/clock.js';

const hourMs = 3_600_000;

/** Tells operators when the platform keeps comments from us, and when it does so no more. */
export class WatchCoverage {
  constructor(
    private readonly coverage: Coverage,
    private readonly incidents: Incidents,
    private readonly clock: Clock,
  ) {}

  /** @returns the numbers of the last hour */
  async execute(): Promise<readonly AccountCoverage[]> {
    const numbers = await this.coverage.numbers(new Date(this.clock.now().getTime() - hourMs));
    for (const account of numbers) {
      const { accountId: subject, username, seenByWebhook, foundByPolling } = account;
      const judgement = judgeCoverage(account);
      if (judgement === 'events-missing') {
        const detail = { account: username, seenByWebhook, foundByPolling };
        await this.incidents.open({ kind: 'events-missing', subject, detail });
      }
      if (judgement === 'clean') await this.incidents.close('events-missing', subject);
    }
    return numbers;
  }
}
