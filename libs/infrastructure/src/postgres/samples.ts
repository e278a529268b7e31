import { correctedByPerson } from '#domain/comments/corrections.js';
import { commentSources } from '#domain/comments/comment.js';
import { commentClassNames, type Verdict } from '#domain/comments/verdict.js';
import type { Sample, Samples, Selection } from '#domain/evaluation/samples.js';
import { toComment } from './comments.js';
import type { Database } from './database.js';
import { CommentRow } from './entities/comment.entity.js';
import { inOrder, listed } from './reading.js';

interface KeyRow {
  readonly id: string;
  /** As text: a date of JavaScript would cut the microseconds off, and pages would overlap. */
  readonly at: string;
}

interface CorrectionRow {
  readonly comment_id: string;
  readonly to_class: string;
  readonly from_class: string | null;
  readonly from_confidence: number | null;
  readonly model: string | null;
  readonly prompt_version: string | null;
}

// $1 account · $2 until · $3 since · $4 and $5 where the last page ended · $6 how many.
// A branch per source, so that each follows the index on (account_id, source, received_at) and reads no more than a page.
const pastKeys = `
SELECT id, received_at::text AS at FROM (${commentSources
  .map(
    (source) => `
  (SELECT id, received_at FROM comments
    WHERE account_id = $1 AND source = '${source}' AND received_at <= $2 AND received_at >= $3 AND class IS NOT NULL
      AND (outcome IS NULL OR outcome <> 'own') AND received_at <= $4 AND (received_at, id) < ($4, $5)
    ORDER BY received_at DESC, id DESC LIMIT $6)`,
  )
  .join(' UNION ALL ')}) AS page
ORDER BY received_at DESC, id DESC LIMIT $6`;

const correctedKeys = `
SELECT id, received_at::text AS at FROM comments
 WHERE id IN (SELECT comment_id FROM corrections WHERE account_id = $1)
   AND received_at <= $2 AND received_at >= $3 AND (received_at, id) < ($4::timestamptz, $5)
 ORDER BY received_at DESC, id DESC LIMIT $6`;

/** What the machine last said before a person did, and the person's last word. */
const correctionsOf = `
SELECT latest.comment_id, latest.to_class, machine.from_class, machine.from_confidence, machine.model, machine.prompt_version
  FROM (SELECT DISTINCT ON (comment_id) comment_id, to_class FROM corrections
         WHERE comment_id = ANY ($1) ORDER BY comment_id, id DESC) AS latest
  LEFT JOIN LATERAL (
    SELECT from_class, from_confidence, model, prompt_version FROM corrections AS each
     WHERE each.comment_id = latest.comment_id AND each.from_class IS NOT NULL AND each.model IS DISTINCT FROM $2
     ORDER BY each.id DESC LIMIT 1) AS machine ON true`;

const beginning = 'infinity';

export class PostgresSamples implements Samples {
  constructor(private readonly database: Database) {}

  async count(selection: Selection, most: number): Promise<{ readonly comments: number; readonly characters: number }> {
    const [row] = await this.database.query<{ comments: number; characters: number }>(
      `SELECT count(*)::int AS comments, coalesce(sum(length(text)), 0)::float8 AS characters
         FROM (${keysOf(selection)}) AS keys JOIN comments USING (id)`,
      parametersOf(selection, [beginning, ''], most),
    );
    return row ?? { comments: 0, characters: 0 };
  }

  async page(selection: Selection, after: string | undefined, limit: number): Promise<readonly Sample[]> {
    const cursor = after === undefined ? [beginning, ''] : after.split('|');
    const keys = await this.database.query<KeyRow>(keysOf(selection), parametersOf(selection, cursor, limit));
    const ids = keys.map(({ id }) => id);
    const [rows, corrections] = await Promise.all([
      this.database.byIds(CommentRow, 'text', ids),
      this.database.query<CorrectionRow>(correctionsOf, [ids, correctedByPerson]),
    ]);
    const corrected = new Map(corrections.map((row) => [row.comment_id, row]));
    return inOrder(ids, rows).flatMap((row, index) => {
      const key = keys[index];
      return row && key ? [sampleOf(row, `${key.at}|${key.id}`, corrected.get(key.id))] : [];
    });
  }
}

function keysOf({ over }: Selection): string {
  return over === 'past' ? pastKeys : correctedKeys;
}

function parametersOf(
  { accountId, to, from }: Selection,
  cursor: readonly string[],
  limit: number,
): readonly unknown[] {
  return [accountId, to, from ?? '-infinity', cursor[0], cursor[1], limit];
}

function sampleOf(row: CommentRow, cursor: string, correction: CorrectionRow | undefined): Sample {
  const comment = toComment(row);
  if (!correction) return { cursor, comment, said: comment.verdict, right: undefined };
  return { cursor, comment, said: machineVerdict(correction), right: listed(commentClassNames, correction.to_class) };
}

function machineVerdict({ from_class, from_confidence, model, prompt_version }: CorrectionRow): Verdict | undefined {
  if (from_class === null) return undefined;
  return {
    class: listed(commentClassNames, from_class),
    confidence: from_confidence ?? 0,
    reason: '',
    language: 'und',
    model: model ?? '',
    promptVersion: prompt_version ?? '',
  };
}
