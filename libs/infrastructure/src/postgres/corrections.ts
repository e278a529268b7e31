import { haveSameWords, verdictIsReusedForMs } from '#domain/comments/alike.js';
import {
  correctedByPerson,
  type CorrectedComment,
  type Corrections,
  type CorrectionsQuery,
  type NewCorrection,
} from '#domain/comments/corrections.js';
import { decidedByOperator } from '#domain/comments/reason-codes.js';
import { commentClassNames } from '#domain/comments/verdict.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, CommentId, MediaId } from '#domain/shared/ids.js';
import { decisionsParameter, insertDecisions, type Database, type Session } from './database.js';
import { listed, optional } from './reading.js';

interface CorrectedRow {
  readonly cursor: string;
  readonly comment_id: string;
  readonly account_id: string;
  readonly media_id: string | null;
  readonly parent_id: string | null;
  readonly text: string;
  readonly from_class: string | null;
  readonly from_confidence: number | null;
  readonly model: string | null;
  readonly prompt_version: string | null;
  readonly to_class: string;
  readonly reason: string;
  readonly actor: string;
  readonly at: Date;
  readonly times: number;
}

interface StandingRow {
  readonly id: string;
  readonly stage: string;
  readonly class: string | null;
  readonly verdict_reason: string | null;
  readonly model: string | null;
}

export class PostgresCorrections implements Corrections {
  constructor(private readonly database: Database) {}

  async correct(correction: NewCorrection): Promise<CorrectedComment> {
    const { commentId, to, reason } = correction;
    return await this.database.transaction(async (session) => {
      const equals = await equalComments(session, commentId);
      // In order: whoever locks several comments locks them so.
      const locked = await session.query<StandingRow>(
        'SELECT id, stage, class, verdict_reason, model FROM comments WHERE id = ANY ($1) ORDER BY id FOR UPDATE',
        [[commentId, ...equals]],
      );
      const standing = locked.find(({ id }) => id === commentId);
      if (!standing) throw new AppError('not-found', 'There is no comment with this id.');
      if (standing.stage === 'received') {
        throw new AppError(
          'conflict',
          'This comment is still to be understood: correct it when that is done or parked.',
        );
      }
      const said = standing.model === correctedByPerson && standing.class === to && standing.verdict_reason === reason;
      if (!said) await write(session, correction, standing.class, equals);
      const [corrected] = await read(session, { limit: 1 }, commentId);
      if (!corrected) throw new Error(`the correction of ${commentId} was not kept`);
      return corrected;
    });
  }

  async list(query: CorrectionsQuery): Promise<readonly CorrectedComment[]> {
    return await read(this.database, query);
  }
}

/** Those of the last hour whose verdict this one may have taken over, and whose verdict others would take over. */
async function equalComments(session: Session, id: CommentId): Promise<readonly string[]> {
  const rows = await session.query<{ id: string; text: string; own: string }>(
    `SELECT equal.id, equal.text, own.text AS own FROM comments AS own JOIN comments AS equal USING (media_id)
      WHERE own.id = $1 AND own.parent_id IS NULL AND equal.id <> own.id AND equal.likeness IS NOT NULL
        AND equal.classified_at > now() - $2 * interval '1 millisecond'`,
    [id, verdictIsReusedForMs],
  );
  return rows.filter(({ text, own }) => haveSameWords(text, own)).map((row) => row.id);
}

async function write(
  session: Session,
  { commentId, to, reason, by }: NewCorrection,
  from: string | null,
  equals: readonly string[],
): Promise<void> {
  const decision = decidedByOperator('verdict-corrected', { from, to, why: reason });
  await session.query(
    `WITH kept AS (
       INSERT INTO corrections (comment_id, account_id, from_class, from_confidence, model, prompt_version, to_class, reason, actor)
       SELECT id, account_id, class, confidence, model, prompt_version, $2, $3, $4 FROM comments WHERE id = $1
       RETURNING comment_id
     ), told AS (${insertDecisions('kept', '$5')})
     SELECT comment_id FROM kept`,
    [commentId, to, reason, by, decisionsParameter([decision])],
  );
  await session.query(
    `UPDATE comments SET class = $2, confidence = 100, verdict_reason = $3, model = $4, prompt_version = NULL WHERE id = $1`,
    [commentId, to, reason, correctedByPerson],
  );
  // The wrong one goes no further, nor does the person's: it was said of this comment.
  await session.query('UPDATE comments SET likeness = NULL WHERE id = ANY ($1)', [[commentId, ...equals]]);
}

async function read(
  session: Session,
  { account, after, limit }: CorrectionsQuery,
  only?: CommentId,
): Promise<readonly CorrectedComment[]> {
  const parameters = [account ?? null, after ?? null, limit, only ?? null, correctedByPerson];
  return (await session.query<CorrectedRow>(listStatement, parameters)).map(toCorrected);
}

const listStatement = `
SELECT latest.id AS cursor, latest.comment_id, latest.account_id, comments.media_id, comments.parent_id, comments.text,
       machine.from_class, machine.from_confidence, machine.model, machine.prompt_version,
       latest.to_class, latest.reason, latest.actor, latest.at,
       (SELECT count(*)::int FROM corrections AS each WHERE each.comment_id = latest.comment_id) AS times
  FROM corrections AS latest JOIN comments ON comments.id = latest.comment_id
  LEFT JOIN LATERAL (
    SELECT from_class, from_confidence, model, prompt_version FROM corrections AS each
     WHERE each.comment_id = latest.comment_id AND each.from_class IS NOT NULL AND each.model IS DISTINCT FROM $5
     ORDER BY each.id DESC LIMIT 1) AS machine ON true
 WHERE latest.id > coalesce($2::bigint, 0) AND ($1::text IS NULL OR latest.account_id = $1)
   AND ($4::text IS NULL OR latest.comment_id = $4)
   AND NOT EXISTS (SELECT 1 FROM corrections AS later WHERE later.comment_id = latest.comment_id AND later.id > latest.id)
 ORDER BY latest.id LIMIT $3`;

function toCorrected(row: CorrectedRow): CorrectedComment {
  return {
    cursor: row.cursor,
    commentId: CommentId.parse(row.comment_id),
    accountId: AccountId.parse(row.account_id),
    mediaId: row.media_id === null ? undefined : MediaId.parse(row.media_id),
    parentId: row.parent_id === null ? undefined : CommentId.parse(row.parent_id),
    text: row.text,
    machine:
      row.from_class === null
        ? undefined
        : {
            class: listed(commentClassNames, row.from_class),
            confidence: row.from_confidence ?? 0,
            model: optional(row.model) ?? '',
            promptVersion: optional(row.prompt_version) ?? '',
          },
    class: listed(commentClassNames, row.to_class),
    reason: row.reason,
    by: row.actor,
    at: row.at,
    times: row.times,
  };
}
