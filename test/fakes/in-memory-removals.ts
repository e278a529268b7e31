import type { NewDecision } from '#domain/comments/reason-codes.js';
import { jobCatalog } from '#domain/jobs/job-catalog.js';
import { auditRules } from '#domain/replies/reply-audits.js';
import type { ReplyRemovals } from '#domain/replies/reply-removals.js';
import { toMs } from '#domain/work/backoff.js';
import type { Lease, WorkRef } from '#domain/work/lease.js';
import type { Advance, Tables } from './in-memory-rows.js';
import type { VirtualClock } from './virtual-clock.js';

/** Published replies that are taken away: the same promises as the PostgreSQL adapter, one commit each. */
export class InMemoryRemovals implements ReplyRemovals {
  constructor(
    private readonly tables: Tables,
    private readonly clock: VirtualClock,
    private readonly advance: Advance,
    private readonly isPaused: (ref: WorkRef) => boolean,
  ) {}

  async begin(lease: Lease): Promise<'begun' | 'paused'> {
    await Promise.resolve();
    const row = this.tables.held(lease.ref);
    if (lease.epoch === row.epoch && this.isPaused(lease.ref)) return 'paused';
    this.advance(lease, { from: ['removing'], lease: 'keep', decisions: [] }, () => {
      row.leaseUntil = this.clock.ms + toMs(jobCatalog['replies.remove'].lease);
      row.dueAt = row.leaseUntil;
    });
    return 'begun';
  }

  async recordRemoved(lease: Lease, decision: NewDecision): Promise<void> {
    await Promise.resolve();
    this.advance(lease, { from: ['removing'], lease: 'end', decisions: [decision] }, () => {
      const row = lease.ref.kind === 'reply' ? this.tables.replies.get(lease.ref.id) : undefined;
      if (row?.reply.state !== 'removing') return;
      row.reply = { ...row.reply, state: 'removed' };
      const doubted = row.attempt > 1 || row.looks > 0 || row.auditDueAt !== undefined;
      row.auditDueAt = doubted ? this.clock.ms + auditRules.lookAfterRemovalMs : undefined;
    });
  }
}
