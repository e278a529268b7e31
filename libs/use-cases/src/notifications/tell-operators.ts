import { decide } from '#domain/comments/reason-codes.js';
import type { Progress } from '#domain/jobs/job-catalog.js';
import { Alerts } from '#domain/notifications/alerts.js';
import { Notifier } from '#domain/notifications/notifier.js';
import { kindOf } from '#domain/shared/errors.js';
import type { AlertId } from '#domain/shared/ids.js';
import type { Lease } from '#domain/work/lease.js';

/**
 * Tells operators about one comment. The channel offers no way to find out whether an interrupted message went out,
 * so after a crash it is sent again and says so: a person told twice is better than a person not told.
 */
export class TellOperators {
  constructor(
    private readonly alerts: Alerts,
    private readonly notifier: Notifier,
  ) {}

  async execute(id: AlertId, lease: Lease): Promise<Progress> {
    const alert = await this.alerts.find(id);
    if (alert?.state !== 'waiting' && alert?.state !== 'sending') return 'nothing-to-do';
    const content = await this.alerts.content(alert);
    if (!content) return 'nothing-to-do';

    await this.alerts.beginSending(lease);
    let messageId: string | undefined;
    try {
      messageId = await this.notifier.tell(content);
    } catch (error) {
      if (kindOf(error) !== 'ambiguous') await this.alerts.recordNotTold(lease);
      throw error;
    }
    if (messageId === undefined) await this.alerts.recordNoChannel(lease, decide('no-operator-channel'));
    else await this.alerts.recordTold(lease, messageId, decide('operators-told', { messageId }));
    return 'advanced';
  }
}
