import { fileTypes } from '#domain/knowledge/document-reader.js';
import type { DocumentFailure, NewPassage } from '#domain/knowledge/document.js';
import type { EmbeddingModel } from '#domain/knowledge/embedder.js';
import { indexingRules, type Embeddable, type HeldDocument, type Indexing } from '#domain/knowledge/indexing.js';
import { AccountId, DocumentId, PassageId } from '#domain/shared/ids.js';
import { cutText, storableText } from '#domain/shared/text.js';
import type { Database, Session } from './database.js';
import { wordsOf } from './documents.js';
import { listed, optional } from './reading.js';
import { vectorText } from './vectors.js';

/** Rows of one statement: it is over long before any limit, also while an index over vectors grows with it. */
const rowsAtOnce = 500;
const detailLength = 500;

interface ClaimedColumns {
  readonly id: string;
  readonly account_id: string;
  readonly title: string;
  readonly type: string;
  readonly file_key: string;
  readonly epoch: number;
  readonly attempts: number;
  readonly prepared_total: number | null;
}

const lease = `now() + ${indexingRules.leaseMs} * interval '1 millisecond'`;

export class PostgresIndexing implements Indexing {
  constructor(private readonly database: Database) {}

  async claim(servedBefore: readonly AccountId[]): Promise<HeldDocument | undefined> {
    const [row] = await this.database.query<ClaimedColumns>(
      `WITH next AS (
         SELECT id FROM documents WHERE due_at <= now()
          ORDER BY array_position($1::text[], account_id) NULLS FIRST, due_at LIMIT 1 FOR UPDATE SKIP LOCKED
       ), claimed AS (
         UPDATE documents SET state = 'processing', epoch = epoch + 1, due_at = ${lease}
           FROM next WHERE documents.id = next.id RETURNING documents.*)
       SELECT id, account_id, title, type, file_key, epoch, attempts, prepared_total FROM claimed`,
      [servedBefore],
    );
    return (
      row && {
        id: DocumentId.parse(row.id),
        accountId: AccountId.parse(row.account_id),
        title: row.title,
        type: listed(fileTypes, row.type),
        fileKey: row.file_key,
        epoch: row.epoch,
        attempts: row.attempts,
        total: optional(row.prepared_total),
      }
    );
  }

  async holding<Result>(held: HeldDocument, work: () => Promise<Result>): Promise<Result> {
    let renewing: Promise<unknown> = Promise.resolve();
    const renewal = setInterval(() => {
      // One that fails is followed by another before the lease is over.
      renewing = this.change(this.database, held, `due_at = ${lease}`).catch(() => undefined);
    }, indexingRules.leaseMs / 4);
    try {
      return await work();
    } finally {
      clearInterval(renewal);
      await renewing; // or it could undo what is written next
    }
  }

  async keepDrafts(held: HeldDocument, passages: readonly NewPassage[]): Promise<boolean> {
    return await this.database.transaction(async (session) => {
      const kept = `prepared_total = $3, prepared_done = 0, attempts = 0, due_at = ${lease}`;
      if (!(await this.change(session, held, kept, [passages.length]))) return false;
      await session.query('DELETE FROM passage_drafts WHERE document_id = $1', [held.id]);
      for (let from = 0; from < passages.length; from += rowsAtOnce) {
        const rows = passages.slice(from, from + rowsAtOnce);
        await session.query(
          `INSERT INTO passage_drafts (document_id, position, heading, text, place, words)
           SELECT $1, $2 + number, nullif(heading, ''), body, nullif(place, ''), ${wordsOf('$3::text', 'heading', 'body')}
             FROM unnest($4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS t(heading, body, place, number)`,
          [
            held.id,
            from,
            held.title,
            rows.map(({ heading }) => heading ?? ''),
            rows.map(({ text }) => text),
            rows.map(({ place }) => place ?? ''),
          ],
        );
      }
      return true;
    });
  }

  async withoutVector(held: HeldDocument, limit: number): Promise<readonly Embeddable[]> {
    const rows = await this.database.query<{ id: string; heading: string | null; text: string }>(
      `SELECT id, heading, text FROM passage_drafts
        WHERE document_id = $1 AND embedding IS NULL ORDER BY position LIMIT $2`,
      [held.id, limit],
    );
    const { accountId, title } = held;
    return rows.map(({ id, heading, text }) => ({
      id: PassageId.parse(id),
      accountId,
      title,
      heading: optional(heading),
      text,
    }));
  }

  async keepVectors(
    held: HeldDocument,
    { name, dimensions }: EmbeddingModel,
    vectors: ReadonlyMap<PassageId, readonly number[]>,
  ): Promise<boolean> {
    const rows = await this.database.query(
      `WITH ours AS (
         UPDATE documents SET prepared_done = prepared_done + cardinality($3::uuid[]), attempts = 0, due_at = ${lease}
          WHERE id = $1 AND epoch = $2 RETURNING id
       ), kept AS (
         UPDATE passage_drafts SET model = $5, dimensions = $6, embedding = given.embedding::halfvec
           FROM ours, unnest($3::uuid[], $4::text[]) AS given(id, embedding)
          WHERE passage_drafts.id = given.id AND passage_drafts.document_id = ours.id)
       SELECT id FROM ours`,
      [held.id, held.epoch, [...vectors.keys()], [...vectors.values()].map(vectorText), name, dimensions],
    );
    return rows.length > 0;
  }

  async swap(held: HeldDocument): Promise<boolean> {
    return await this.database.transaction(async (session) => {
      const done = `state = 'ready', version = version + 1, content_hash = file_hash, passages = prepared_total,
        characters = (SELECT coalesce(sum(length(text)), 0) FROM passage_drafts WHERE document_id = documents.id),
        prepared_total = NULL, prepared_done = 0, reason = NULL, detail = NULL, last_error = NULL, attempts = 0,
        due_at = NULL, updated_at = now()`;
      // The document first, as everybody does who changes its passages.
      if (!(await this.change(session, held, done))) return false;
      await session.query('DELETE FROM passages WHERE document_id = $1', [held.id]);
      for (let from = 0; ; from += rowsAtOnce) {
        const part = [held.id, from, from + rowsAtOnce];
        const moved = await session.query(
          `INSERT INTO passages (id, document_id, account_id, position, title, heading, text, place, words)
           SELECT id, document_id, $4, position, $5, heading, text, place, words FROM passage_drafts
            WHERE document_id = $1 AND position > $2 AND position <= $3
           RETURNING id`,
          [...part, held.accountId, held.title],
        );
        if (moved.length === 0) break;
        await session.query(
          `INSERT INTO passage_vectors (passage_id, model, dimensions, account_id, embedding)
           SELECT id, model, dimensions, $4, embedding FROM passage_drafts
            WHERE document_id = $1 AND position > $2 AND position <= $3 AND embedding IS NOT NULL`,
          [...part, held.accountId],
        );
      }
      await session.query('DELETE FROM passage_drafts WHERE document_id = $1', [held.id]);
      return true;
    });
  }

  async fail(held: HeldDocument, reason: DocumentFailure, detail: string): Promise<void> {
    await this.database.transaction(async (session) => {
      const failed = `state = 'failed', reason = $3, detail = $4, prepared_total = NULL, prepared_done = 0,
        due_at = NULL, updated_at = now()`;
      if (!(await this.change(session, held, failed, [reason, short(detail)]))) return;
      await session.query('DELETE FROM passage_drafts WHERE document_id = $1', [held.id]);
    });
  }

  async release(held: HeldDocument): Promise<void> {
    await this.change(this.database, held, 'due_at = now()');
  }

  async postpone(held: HeldDocument, byMs: number, why: string): Promise<void> {
    const later = `due_at = now() + $3 * interval '1 millisecond', attempts = attempts + 1, state = 'pending', last_error = $4`;
    await this.change(this.database, held, later, [Math.ceil(byMs), short(why)]);
  }

  /** @returns whether it is still ours */
  private async change(
    session: Session,
    { id, epoch }: HeldDocument,
    columns: string,
    more: readonly unknown[] = [],
  ): Promise<boolean> {
    const rows = await session.query(
      `WITH ours AS (UPDATE documents SET ${columns} WHERE id = $1 AND epoch = $2 RETURNING id) SELECT id FROM ours`,
      [id, epoch, ...more],
    );
    return rows.length > 0;
  }
}

function short(text: string): string {
  return cutText(storableText(text), detailLength);
}
