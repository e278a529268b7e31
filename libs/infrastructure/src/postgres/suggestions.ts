import { decidedByOperator } from '#domain/comments/reason-codes.js';
import {
  suggestionKinds,
  type HideDecision,
  type Suggestion,
  type SuggestionCursor,
  type Suggestions,
} from '#domain/policies/suggestions.js';
import { AccountId, CommentId, MediaId } from '#domain/shared/ids.js';
import { decisionsParameter, insertDecisions, type Database } from './database.js';
import { refOf } from './leases.js';
import { listed, optional } from './reading.js';
import { reopenComment, settleComments } from './transition.js';

interface Row {
  readonly kind: string;
  readonly id: string;
  readonly comment_id: string;
  readonly account_id: string;
  readonly media_id: string | null;
  readonly username: string | null;
  readonly text: string;
  readonly class: string | null;
  readonly confidence: number | null;
  readonly draft: string | null;
  readonly since: Date;
}

// As the cursor can say it: a Date knows no microseconds.
const since = (table: string): string => `date_trunc('milliseconds', ${table}.created_at, 'UTC')`;

function waiting(table: string, kind: string, draft: string, state: string): string {
  return `(SELECT '${kind}' AS kind, ${table}.id::text AS id, comment_id, ${table}.account_id, media_id, username, comments.text,
                  class, confidence, ${draft} AS draft, ${since(table)} AS since
             FROM ${table} JOIN comments ON comments.id = ${table}.comment_id
            WHERE ${table}.state = '${state}' AND ($2::text IS NULL OR ${table}.account_id = $2)
              AND ($3::timestamptz IS NULL OR (${since(table)}, ${table}.id::text) < ($3, $4))
            ORDER BY since DESC, id DESC LIMIT $1)`;
}

const listStatement = `SELECT * FROM (
    ${waiting('moderations', 'hide', 'NULL::text', 'suggested')} UNION ALL ${waiting('replies', 'reply', 'replies.text', 'waiting')}
  ) AS waiting ORDER BY since DESC, id DESC LIMIT $1`;

export class PostgresSuggestions implements Suggestions {
  constructor(private readonly database: Database) {}

  async list(
    accountId: AccountId | undefined,
    limit: number,
    after?: SuggestionCursor,
  ): Promise<readonly Suggestion[]> {
    const rows = await this.database.query<Row>(listStatement, [
      limit,
      accountId ?? null,
      after?.since ?? null,
      after?.id ?? null,
    ]);
    return rows.map(toSuggestion);
  }

  async decideHide(id: string, hide: boolean): Promise<HideDecision> {
    const decision = decidedByOperator(hide ? 'hide-accepted' : 'hide-dismissed', {});
    return await this.database.transaction(async (session): Promise<HideDecision> => {
      const [row] = await session.query<{ comment_id: string }>(
        `WITH decided AS (
           UPDATE moderations SET state = $2, actor = 'operator', due_at = CASE WHEN $2 = 'due' THEN now() END
            WHERE id = $1 AND state = 'suggested' RETURNING comment_id
         ), told AS (${insertDecisions('decided', '$3')})
         SELECT comment_id FROM decided`,
        [id, hide ? 'due' : 'dropped', decisionsParameter([decision])],
      );
      if (!row) {
        const known = await session.query('SELECT 1 FROM moderations WHERE id = $1', [id]);
        return { kind: known.length > 0 ? 'not-suggested' : 'unknown' };
      }
      await session.query(reopenComment, [row.comment_id]);
      if (!hide) await session.query(settleComments, [[row.comment_id]]);
      const due = hide ? [{ ref: refOf('moderation', id), stage: 'due' }] : [];
      return { kind: 'decided', commentId: CommentId.parse(row.comment_id), due };
    });
  }
}

function toSuggestion(row: Row): Suggestion {
  return {
    kind: listed(suggestionKinds, row.kind),
    id: row.id,
    commentId: CommentId.parse(row.comment_id),
    accountId: AccountId.parse(row.account_id),
    mediaId: row.media_id === null ? undefined : MediaId.parse(row.media_id),
    username: optional(row.username),
    text: row.text,
    class: optional(row.class),
    confidence: optional(row.confidence),
    draft: optional(row.draft),
    since: row.since,
  };
}
