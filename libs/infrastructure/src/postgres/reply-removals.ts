import type { NewDecision } from '#domain/comments/reason-codes.js';
import { jobCatalog } from '#domain/jobs/job-catalog.js';
import { auditRules } from '#domain/replies/reply-audits.js';
import type { ReplyRemovals } from '#domain/replies/reply-removals.js';
import { toMs } from '#domain/work/backoff.js';
import type { Lease } from '#domain/work/lease.js';
import type { Database } from './database.js';
import { notPaused } from './pauses.js';
import { Transitions } from './transition.js';

const leaseMs = toMs(jobCatalog['replies.remove'].lease);

export class PostgresReplyRemovals implements ReplyRemovals {
  private readonly transitions: Transitions;

  constructor(database: Database) {
    this.transitions = new Transitions(database);
  }

  async begin(lease: Lease): Promise<'begun' | 'paused'> {
    const outcome = await this.transitions.advance(lease, {
      set: `lease_until = now() + given.lease_ms * interval '1 millisecond',
            due_at = now() + given.lease_ms * interval '1 millisecond'`,
      values: { lease_ms: ['integer', leaseMs] },
      from: ['removing'],
      // In this very statement: the row may have been taken before the pause.
      onlyIf: notPaused('replies'),
      decisions: [],
      lease: 'keep',
    });
    return outcome === 'moved' ? 'begun' : 'paused';
  }

  async recordRemoved(lease: Lease, decision: NewDecision): Promise<void> {
    await this.transitions.advance(lease, {
      set: `state = 'removed', removed_at = now(),
            audit_due_at = CASE WHEN attempt > 1 OR audit_looks > 0 OR audit_due_at IS NOT NULL
              THEN now() + given.audit_in_ms * interval '1 millisecond' END`,
      values: { audit_in_ms: ['integer', auditRules.lookAfterRemovalMs] },
      from: ['removing'],
      decisions: [decision],
      lease: 'end',
    });
  }
}
