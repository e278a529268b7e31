import { Accounts } from '#domain/accounts/accounts.js';
import { decide, type NewDecision } from '#domain/comments/reason-codes.js';
import { Incidents } from '#domain/notifications/incidents.js';
import { Platforms, type Platform, type PublishedReply } from '#domain/platforms/platform.js';
import { auditRules, ReplyAudits, type ReplyAudit } from '#domain/replies/reply-audits.js';
import { sendingRules } from '#domain/replies/reply-rules.js';
import { Replies } from '#domain/replies/replies.js';
import { kindOf } from '#domain/shared/errors.js';

/** Of each run: enough for a storm of unclear answers, few enough not to use up what the platform lets us read. */
const auditsPerRun = 20;

/**
 * The protocol looks for two minutes before it sends a second time; a platform that hides a reply for longer makes two of
 * one. So every reply that was in doubt is looked for once more, minutes later, and of two the later one is removed.
 * The protocol cannot do more than that: until then customers see both.
 */
export class AuditReplies {
  constructor(
    private readonly audits: ReplyAudits,
    private readonly replies: Replies,
    private readonly accounts: Accounts,
    private readonly platforms: Platforms,
    private readonly incidents: Incidents,
  ) {}

  /** @returns how many were looked at @throws the first failure, after all were tried: those that failed come again */
  async execute(): Promise<number> {
    const due = await this.audits.take(auditsPerRun, auditRules.leaseMs);
    const failures: unknown[] = [];
    for (const audit of due) await this.audit(audit).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
    return due.length;
  }

  private async audit(audit: ReplyAudit): Promise<void> {
    if (audit.looks > auditRules.mostLooks) {
      await this.audits.end(audit, undefined, [decide('audit-given-up', { looks: audit.looks })]);
      return;
    }
    const account = await this.accounts.get(audit.accountId);
    const platform = this.platforms.get(account.platform);
    const copies = await this.copiesOf(audit, platform);
    if (audit.removed) {
      await this.removeLeft(audit, copies.at(-1), platform);
      return;
    }
    const [first, ...later] = copies;
    const extra = later.at(-1);
    if (first && extra) await this.remove(audit, first, extra, platform);
    else await this.afterOneCopy(audit, first);
  }

  /** Our replies in the thread that can be this one, the earliest first. */
  private async copiesOf(audit: ReplyAudit, platform: Platform): Promise<readonly PublishedReply[]> {
    const { accountId, topLevelId } = audit;
    let listed: readonly PublishedReply[];
    try {
      listed = await platform.replies.listOurs({ accountId, topLevelId });
    } catch (error) {
      if (kindOf(error) === 'gone') return [];
      throw error;
    }
    const shown = (text: string): string => platform.replies.asShown(text);
    const from = audit.startedAt.getTime() - sendingRules.clockToleranceMs;
    const until = audit.sentAt.getTime() + auditRules.lateCopyMs;
    const same = listed.filter(
      ({ text, at }) => shown(text) === shown(audit.text) && at.getTime() >= from && at.getTime() <= until,
    );
    const others = await this.replies.belongingToOthers(
      audit.id,
      same.map(({ id }) => id),
    );
    // The platform's times are whole seconds: its ids, which grow, decide between equal ones.
    return same
      .filter(({ id }) => !others.has(id))
      .toSorted((one, two) => one.at.getTime() - two.at.getTime() || (one.id < two.id ? -1 : 1));
  }

  /** Noted before it is done, so that a crash in between is told, too; the next look finds out whether it worked. */
  private async remove(
    audit: ReplyAudit,
    first: PublishedReply,
    extra: PublishedReply,
    platform: Platform,
  ): Promise<void> {
    const { accountId, commentId } = audit;
    await this.incidents.open({
      kind: 'two-replies',
      subject: commentId,
      detail: { kept: first.id, removed: extra.id },
    });
    const known = audit.extraId === extra.id;
    if (!known) {
      const decision = decide('two-replies-found', { kept: first.id, removed: extra.id });
      await this.audits.recordFound(audit, extra.id, auditRules.lookAfterRemovalMs, decision);
    }
    try {
      await platform.moderation.delete?.({ accountId, commentId: extra.id });
    } catch (error) {
      if (kindOf(error) !== 'gone') throw error;
    }
    if (known) await this.audits.lookAgain(audit, auditRules.lookAfterRemovalMs);
  }

  /** A person wanted it gone; a copy that nobody knew of stands, or is still listed. The next look finds out. */
  private async removeLeft(audit: ReplyAudit, left: PublishedReply | undefined, platform: Platform): Promise<void> {
    const { accountId } = audit;
    if (!left) {
      await this.incidents.close('two-replies', audit.commentId);
      await this.audits.end(audit, undefined, []);
      return;
    }
    if (left.id !== audit.platformReplyId && left.id !== audit.extraId) {
      const decision = decide('removed-reply-found', { removed: left.id });
      await this.audits.recordFound(audit, left.id, auditRules.lookAfterRemovalMs, decision);
    } else await this.audits.lookAgain(audit, auditRules.lookAfterRemovalMs);
    try {
      await platform.moderation.delete?.({ accountId, commentId: left.id });
    } catch (error) {
      if (kindOf(error) !== 'gone') throw error;
    }
  }

  private async afterOneCopy(audit: ReplyAudit, standing: PublishedReply | undefined): Promise<void> {
    const decisions: NewDecision[] = [];
    if (audit.extraId !== undefined) {
      decisions.push(decide('second-reply-removed', { removed: audit.extraId }));
    } else if (audit.attempt > 1 && audit.looks === 1) {
      await this.audits.lookAgain(audit, auditRules.secondLookAfterMs);
      return;
    }
    // Also when no copy was noted: who opened it may have died before that, and somebody else has removed the copy.
    await this.incidents.close('two-replies', audit.commentId);
    await this.audits.end(audit, standing?.id, decisions);
  }
}
