import { decide } from '#domain/comments/reason-codes.js';
import type { CommentClass } from '#domain/comments/verdict.js';
import { jobCatalog, type Progress } from '#domain/jobs/job-catalog.js';
import {
  alertsInOneMessage,
  byPressure,
  OperatorsPace,
  singlesPerMinute,
  togetherFrom,
} from '#domain/notifications/alert-pace.js';
import type { Alert, AlertContent } from '#domain/notifications/alert.js';
import { Alerts, type TakenAlert } from '#domain/notifications/alerts.js';
import { Notifier } from '#domain/notifications/notifier.js';
import { AppError, kindOf } from '#domain/shared/errors.js';
import type { AlertId } from '#domain/shared/ids.js';
import { Allowances, limitRules, type LimitName } from '#domain/work/allowances.js';
import { toMs } from '#domain/work/backoff.js';
import type { Lease } from '#domain/work/lease.js';

const leaseMs = toMs(jobCatalog['notifications.tell'].lease);
/** After a message that did not go out: they wait for whoever comes next. */
const comeBackMs = toMs('10s');

/** More of them have no room in a message. */
const readForOneMessage = 30;

interface Told {
  readonly lease: Lease;
  readonly alert: Alert;
  readonly class: CommentClass | undefined;
}

/**
 * Tells operators about a comment; in a storm about all that wait, in one message. The channel offers no way to find out
 * whether an interrupted message went out, so after a crash it is sent again and says so: a person told twice is better
 * than a person not told.
 */
export class TellOperators {
  constructor(
    private readonly alerts: Alerts,
    private readonly notifier: Notifier,
    private readonly allowances: Allowances,
    private readonly pace: OperatorsPace,
  ) {}

  /** @throws AppError as Notifier.tell, and 'rate-limited' when it is not yet its turn */
  async execute(id: AlertId, lease: Lease): Promise<Progress> {
    const alert = await this.alerts.find(id);
    if (alert?.state !== 'waiting' && alert?.state !== 'sending') return 'nothing-to-do';
    const content = await this.alerts.content(alert);
    if (!content) return 'nothing-to-do';

    const beside = (await this.goesAlone(lease)) ? [] : await this.takeOthers(lease);
    await this.alerts.beginSending(lease);
    const all = [{ lease, alert, class: content.comment.verdict?.class }, ...beside];
    let messageId: string | undefined;
    try {
      messageId = beside.length === 0 ? await this.notifier.tell(content) : await this.tellAll(all, content);
    } catch (error) {
      await this.wasNotTold(lease, beside, error);
      throw error;
    }
    await this.record(all, messageId);
    return 'advanced';
  }

  /** A message of its own while few wait and few were sent. */
  private async goesAlone(lease: Lease): Promise<boolean> {
    const many = togetherFrom(this.pace);
    const others = await this.alerts.waitingBeside(lease, many);
    return others < many && (await this.take('alerts-alone', singlesPerMinute(this.pace))) === undefined;
  }

  /** @throws AppError 'rate-limited' while another such message went out a moment ago: they all wait for the next */
  private async takeOthers(lease: Lease): Promise<readonly TakenAlert[]> {
    const waitMs = await this.take('alerts-together', limitRules['alerts-together'].usually);
    if (waitMs !== undefined) {
      throw new AppError('rate-limited', 'It waits for the next message about several comments.', {
        retryAfterMs: waitMs,
      });
    }
    return await this.alerts.takeBeside(lease, alertsInOneMessage, leaseMs);
  }

  /** All workers share one chat. @returns how long to wait, in milliseconds; undefined when it was granted */
  private async take(limit: LimitName, most: number): Promise<number | undefined> {
    const taken = await this.allowances.take([{ limit, of: 'operators', amount: 1, most }]);
    return taken.kind === 'granted' ? undefined : taken.ms;
  }

  private async tellAll(all: readonly Told[], own: AlertContent): Promise<string | undefined> {
    const inOrder = all.toSorted((a, b) => byPressure(a.class, b.class));
    const shown: AlertContent[] = [];
    for (const { alert } of inOrder) {
      if (shown.length === readForOneMessage) break;
      const content = alert.commentId === own.comment.id ? own : await this.alerts.content(alert);
      if (content) shown.push(content);
    }
    const maybeRepeated = all.some(({ alert }) => alert.state === 'sending');
    const comments = inOrder.map((each) => ({ id: each.alert.commentId, class: each.class }));
    return await this.notifier.tellTogether({ comments, shown, maybeRepeated });
  }

  private async wasNotTold(lease: Lease, beside: readonly TakenAlert[], error: unknown): Promise<void> {
    const maybeSeen = kindOf(error) === 'ambiguous';
    if (!maybeSeen) await this.alerts.recordNotTold(lease);
    if (beside.length === 0) return;
    const told = error instanceof AppError ? error.retryAfterMs : undefined;
    const leases = beside.map((each) => each.lease);
    await this.alerts.letGo(leases, Math.max(told ?? 0, comeBackMs), maybeSeen);
  }

  private async record(all: readonly Told[], messageId: string | undefined): Promise<void> {
    const together = all.length > 1 && { together: all.length };
    const noted = all.map(async ({ lease }) => {
      if (messageId === undefined) await this.alerts.recordNoChannel(lease, decide('no-operator-channel'));
      else await this.alerts.recordTold(lease, messageId, decide('operators-told', { messageId, ...together }));
    });
    // One that somebody else took over meanwhile is told again; the others are done.
    const [own] = await Promise.allSettled(noted);
    if (own?.status === 'rejected') throw own.reason;
  }
}
