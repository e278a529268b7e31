import { type IncidentNotice, IncidentNotifier, IncidentTelling } from '#domain/notifications/incident-telling.js';
import { AppError, kindOf } from '#domain/shared/errors.js';
import { toMs } from '#domain/work/backoff.js';

/** In one message; what is more comes with the next. */
const noticesPerMessage = 20;
/** Longer than a call to the channel may take. */
const leaseMs = toMs('30s');
const afterFailureMs = toMs('15s');
// The channel does not like these very words: nothing else will make it, but a new version of ours might.
const afterRefusalMs = toMs('1h');

/**
 * Tells operators what happens to the system itself: each incident once when it begins and once when it is over, in as
 * few messages as possible. As with alerts, one that may have been sent comes again and says so.
 */
export class TellIncidents {
  constructor(
    private readonly telling: IncidentTelling,
    private readonly notifier: IncidentNotifier,
  ) {}

  /**
   * @returns what was told, also when no channel is set up
   * @throws AppError when the channel is away: everything waits and comes later
   */
  async execute(): Promise<readonly IncidentNotice[]> {
    const notices = await this.telling.claim(noticesPerMessage, leaseMs);
    if (notices.length === 0) return notices;
    try {
      await this.notifier.tellIncidents(notices);
    } catch (error) {
      await this.telling.recordNotTold(notices, waitAfter(error), kindOf(error) === 'ambiguous');
      throw error;
    }
    await this.telling.recordTold(notices);
    return notices;
  }
}

function waitAfter(error: unknown): number {
  if (kindOf(error) === 'rejected') return afterRefusalMs;
  const asked = error instanceof AppError ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(asked, afterFailureMs);
}
