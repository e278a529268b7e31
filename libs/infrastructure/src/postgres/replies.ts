import type { NewDecision } from '#domain/comments/reason-codes.js';
import { jobCatalog } from '#domain/jobs/job-catalog.js';
import type { Draft, Replies } from '#domain/replies/replies.js';
import { replyChannels, replyIntents, replyStates, type Reply } from '#domain/replies/reply.js';
import { auditRules } from '#domain/replies/reply-audits.js';
import { sendingRules } from '#domain/replies/reply-rules.js';
import { AccountId, AlertId, CommentId, PassageId, PublishedId, ReplyId } from '#domain/shared/ids.js';
import { toMs } from '#domain/work/backoff.js';
import { StaleLease, type Lease } from '#domain/work/lease.js';
import { decisionsParameter, insertDecisions, type Database } from './database.js';
import { ReplyRow } from './entities/reply.entity.js';
import { columnsOf, gathered, type Value } from './gathering.js';
import type { GroupCommit } from './group-commit.js';
import { inOrder, listed, optional } from './reading.js';
import { notPaused } from './pauses.js';
import { replyTakenOver } from './takeovers.js';
import { heldInOrder, settled, tellAgain, tellOfComments, Transitions } from './transition.js';

// From here the platform's deadline runs, not from when the row was taken: the database may have been slow in between.
const sendingLeaseMs = toMs(jobCatalog['replies.send'].lease);

// The titles are kept with the ids: a document may be replaced, and what an answer rested on must still be readable.
const sourcesOf = (parameter: string): string => `(
  SELECT coalesce(jsonb_agg(jsonb_build_object('passageId', passages.id, 'title', passages.title) ORDER BY wanted.position), '[]')
    FROM jsonb_array_elements_text(${parameter}) WITH ORDINALITY AS wanted(id, position)
    JOIN passages ON passages.id = wanted.id::uuid)`;

const draftColumns = `text = given.draft, sources = ${sourcesOf('given.cited')}, model = given.written_by, prompt_version = given.prompt`;

// A former draft stays when a person asked for another one and none could be written.
const newDraft = `text = coalesce(given.draft, text), sources = CASE WHEN given.draft IS NULL THEN replies.sources ELSE ${sourcesOf('given.cited')} END,
         model = coalesce(given.written_by, model), prompt_version = coalesce(given.prompt, prompt_version)`;

// What allowed a second try: the thread did not show the first one a moment ago.
const lookIsFresh = `(attempt = 0 OR looked_at > now() - interval '${sendingRules.lastLookHoldsMs} milliseconds')`;

export class PostgresReplies implements Replies {
  private readonly transitions: Transitions;
  private readonly rows: GroupCommit<ReplyId, ReplyRow | null>;
  private readonly leaving: GroupCommit<LeftToOperator, { readonly alertId: string | null } | null>;

  constructor(private readonly database: Database) {
    this.transitions = new Transitions(database);
    this.rows = gathered(async (ids) => inOrder(ids, await database.byIds(ReplyRow, 'uuid', ids)));
    this.leaving = gathered(async (left) => await this.leaveAll(left));
  }

  async find(id: ReplyId): Promise<Reply | undefined> {
    const row = await this.rows.add(id);
    return row ? toReply(row) : undefined;
  }

  async keepForSending(lease: Lease, draft: Draft, decision: NewDecision): Promise<void> {
    await this.transitions.advance(lease, {
      set: `state = 'drafted', ${draftColumns}`,
      values: draftValues(draft),
      from: ['wanted'],
      decisions: [decision],
      lease: 0,
    });
  }

  async keepForOperator(
    lease: Lease,
    draft: Draft | undefined,
    decisions: readonly NewDecision[],
    tellOperators: boolean,
  ): Promise<AlertId | undefined> {
    const left = await this.leaving.add({ lease, draft, decisions, tellOperators });
    if (!left) throw new StaleLease(lease);
    return left.alertId === null ? undefined : AlertId.parse(left.alertId);
  }

  private async leaveAll(left: readonly LeftToOperator[]): Promise<readonly ({ alertId: string | null } | null)[]> {
    const rows = left.map(({ lease, draft, decisions, tellOperators }): Readonly<Record<string, Value>> => ({
      id: ['text', lease.ref.id],
      epoch: ['integer', lease.epoch],
      decisions: ['jsonb', decisionsParameter(decisions)],
      tell: ['boolean', tellOperators],
      ...draftValues(draft),
    }));
    const { given, parameters } = columnsOf(rows, 'uuid');
    const kept = await this.database.prepared<{ id: string; alert_id: string | null }>(
      leaveStatement(given),
      parameters,
    );
    const byId = new Map(kept.map(({ id, alert_id }) => [id, { alertId: alert_id }]));
    return left.map(({ lease }) => byId.get(lease.ref.id) ?? null);
  }

  async beginSending(lease: Lease, decision: NewDecision): Promise<'begun' | 'paused' | 'taken-over' | 'look-first'> {
    const outcome = await this.transitions.advance(lease, {
      // The second try keeps the first one's beginning: a reply of the first that shows up late is still ours.
      set: `state = 'sending', attempt = attempt + 1, empty_listings = 0,
            attempt_started_at = CASE WHEN attempt = 0 THEN now() ELSE attempt_started_at END,
            lease_until = now() + given.lease_ms * interval '1 millisecond',
            due_at = now() + given.lease_ms * interval '1 millisecond'`,
      values: { lease_ms: ['integer', sendingLeaseMs] },
      from: ['drafted'],
      // In this very statement: the row may have been taken before the pause, or before a person took over.
      onlyIf: `${notPaused('replies')} AND NOT ${replyTakenOver} AND ${lookIsFresh}`,
      decisions: [decision],
      lease: 'keep',
    });
    if (outcome === 'moved') return 'begun';
    const [row] = await this.database.query<{ taken: boolean; fresh: boolean }>(
      `SELECT ${replyTakenOver} AS taken, ${lookIsFresh} AS fresh FROM replies WHERE id = $1`,
      [lease.ref.id],
    );
    if (row?.taken === true) return 'taken-over';
    return row?.fresh === false ? 'look-first' : 'paused';
  }

  async leaveToPerson(lease: Lease, decision: NewDecision): Promise<void> {
    await this.transitions.advance(lease, {
      set: `state = 'waiting', revision = revision + 1`,
      from: ['drafted'],
      decisions: [decision],
      lease: 'end',
      ...(decision.reason === 'thread-cap-reached' && { also: tellOnceAThread }),
    });
  }

  async recordSent(lease: Lease, platformReplyId: CommentId, decision: NewDecision): Promise<void> {
    // 'sent' already: the platform's echo was faster than we.
    await this.transitions.advance(lease, {
      set: `state = 'sent', platform_reply_id = coalesce(platform_reply_id, given.published),
            sent_at = coalesce(sent_at, now()),
            audit_due_at = coalesce(audit_due_at, CASE WHEN channel = 'public' AND audit_looks = 0
              AND (attempt > 1 OR state = 'unknown' OR given.by_listing)
              THEN now() + given.audit_in_ms * interval '1 millisecond' END)`,
      values: {
        published: ['text', platformReplyId],
        by_listing: ['boolean', decision.reason === 'reply-found-by-listing'],
        audit_in_ms: ['integer', auditRules.firstLookAfterMs],
      },
      from: ['drafted', 'sending', 'unknown', 'sent'],
      decisions: [decision],
      lease: 'end',
    });
  }

  async recordUnclear(lease: Lease, delayMs: number, decision: NewDecision): Promise<void> {
    await this.transitions.advance(lease, {
      set: `state = 'unknown'`,
      from: ['sending', 'drafted'],
      decisions: [decision],
      lease: delayMs,
    });
  }

  async recordNotPublished(lease: Lease): Promise<void> {
    await this.transitions.advance(lease, {
      set: `state = CASE WHEN attempt > 1 THEN 'unknown' ELSE 'drafted' END, attempt = attempt - 1`,
      from: ['sending'],
      decisions: [],
      lease: 'keep',
    });
  }

  async recordEmptyListing(lease: Lease, delayMs: number, decision: NewDecision): Promise<void> {
    await this.transitions.advance(lease, {
      set: `state = 'unknown', empty_listings = empty_listings + 1`,
      from: ['sending', 'unknown'],
      decisions: [decision],
      lease: delayMs,
    });
  }

  async allowResend(lease: Lease, decision: NewDecision): Promise<void> {
    await this.transitions.advance(lease, {
      set: `state = 'drafted', looked_at = now()`,
      from: ['sending', 'unknown'],
      decisions: [decision],
      lease: 0,
    });
  }

  async belongingToOthers(id: ReplyId, published: readonly CommentId[]): Promise<ReadonlySet<CommentId>> {
    if (published.length === 0) return new Set();
    const rows = await this.database.query<{ platform_reply_id: string }>(
      'SELECT platform_reply_id FROM replies WHERE platform_reply_id = ANY ($1::text[]) AND id <> $2',
      [published, id],
    );
    return new Set(rows.map((row) => PublishedId.parse(row.platform_reply_id)));
  }

  async drop(lease: Lease, decision: NewDecision, tell = false): Promise<void> {
    await this.transitions.advance(lease, {
      set: `state = 'dropped'`,
      from: ['drafted', 'sending', 'unknown'],
      decisions: [decision],
      lease: 'end',
      ...(tell && { also: tellOfComments }),
    });
  }
}

// Of a thread over its cap people are told once a day: whoever talks to a machine there, writes on.
const tellOnceAThread = `
INSERT INTO alerts (comment_id, account_id, state, due_at)
SELECT about.id, about.account_id, 'waiting', now() FROM comments AS about
 WHERE about.id = ANY ($1::text[]) AND NOT EXISTS (
   SELECT 1 FROM comments AS other JOIN decisions ON decisions.comment_id = other.id
    WHERE other.id <> about.id AND (other.id = coalesce(about.parent_id, about.id) OR other.parent_id = coalesce(about.parent_id, about.id))
      AND decisions.reason = 'thread-cap-reached' AND decisions.at > now() - interval '1 day')
 ORDER BY about.id
ON CONFLICT (comment_id) DO ${tellAgain}`;

interface LeftToOperator {
  readonly lease: Lease;
  readonly draft: Draft | undefined;
  readonly decisions: readonly NewDecision[];
  readonly tellOperators: boolean;
}

const leaveStatement = (given: string): string => `
WITH given AS (SELECT * FROM ${given}),
held AS (${heldInOrder('replies', 'replies.epoch = given.epoch')}),
kept AS (
  UPDATE replies SET state = 'waiting', ${newDraft}, revision = revision + 1,
         owner = NULL, lease_until = NULL, due_at = NULL, last_error = NULL
    FROM given JOIN held USING (id)
   WHERE replies.id = given.id AND replies.epoch = given.epoch AND state = 'wanted'
  RETURNING replies.id, comment_id, account_id, decisions, tell
), told AS (${insertDecisions('kept', 'source.decisions')}),
new_alert AS (
  INSERT INTO alerts (comment_id, account_id, state, due_at)
  SELECT comment_id, account_id, 'waiting', now() FROM kept WHERE tell ORDER BY comment_id
  ON CONFLICT (comment_id) DO NOTHING
  RETURNING id, comment_id
), hastened AS (
  UPDATE alerts SET due_at = now() FROM kept
   WHERE alerts.comment_id = kept.comment_id AND alerts.state = 'waiting' AND alerts.lease_until IS NULL
     AND alerts.attempts = 0
  RETURNING alerts.id, alerts.comment_id
), left_to_people AS (
  SELECT kept.id, kept.comment_id, coalesce(new_alert.id, hastened.id)::text AS alert_id
    FROM kept LEFT JOIN new_alert USING (comment_id) LEFT JOIN hastened USING (comment_id))
${settled('left_to_people', 'id', 'alert_id')}`;

function draftValues(draft: Draft | undefined): Readonly<Record<string, Value>> {
  return {
    draft: ['text', draft?.text],
    cited: ['jsonb', JSON.stringify(draft?.sources ?? [])],
    written_by: ['text', draft?.model],
    prompt: ['text', draft?.promptVersion],
  };
}

function toReply(row: ReplyRow): Reply {
  const facts = {
    id: ReplyId.parse(row.id),
    commentId: CommentId.parse(row.commentId),
    accountId: AccountId.parse(row.accountId),
    intent: listed(replyIntents, row.intent),
    channel: listed(replyChannels, row.channel),
    replaces: row.replaces === null ? undefined : ReplyId.parse(row.replaces),
  };
  const sources = row.sources.map(({ passageId }) => PassageId.parse(passageId));
  const state = listed(replyStates, row.state);
  if (state === 'wanted') return { ...facts, state, hint: optional(row.hint) };
  const text = row.text ?? '';
  switch (state) {
    case 'drafted':
      return { ...facts, state, text, sources, again: row.attempt > 0 };
    case 'sending':
    case 'unknown': {
      const startedAt = row.attemptStartedAt ?? row.createdAt;
      return { ...facts, state, text, sources, attempt: row.attempt, startedAt, emptyListings: row.emptyListings };
    }
    case 'sent':
    case 'removing':
    case 'removed': {
      return { ...facts, state, text, sources, platformReplyId: PublishedId.parse(row.platformReplyId) };
    }
    default: {
      const written = optional(row.text);
      return written === undefined ? { ...facts, state } : { ...facts, state, text: written, sources };
    }
  }
}
