import { z } from 'zod';
import { isUsable, type Columns, type ReadLine } from '#domain/catalogue/import-lines.js';
import {
  importRules,
  importStates,
  importTypes,
  lineOutcomes,
  missingChoices,
  type HeldImport,
  type ImportLine,
  type ImportRequest,
  type Imports,
  type LineOutcome,
  type ProductImport,
  type Step,
} from '#domain/catalogue/imports.js';
import {
  catalogueColumns,
  lineProblems,
  type LineProblem,
  type LineProblemCode,
} from '#domain/catalogue/line-problems.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId } from '#domain/shared/ids.js';
import { cutText, storableText } from '#domain/shared/text.js';
import type { Database, Session } from './database.js';
import type { ProductImportRow } from './entities/product.entity.js';
import { countProducts, lockCatalogue } from './product-rows.js';
import { missingProducts, treated, usedLines, type StagedLine } from './product-import-steps.js';
import { listed, optional } from './reading.js';

/** Longer reasons say nothing more. */
const reasonLength = 500;
/** Lines that one statement writes. */
const stagedAtOnce = 5_000;
/** Reports that one statement forgets: it is over within a second, and the next round forgets more. */
const forgottenAtOnce = 5;

const requestShape = z.object({
  accountId: AccountId,
  fileName: z.string(),
  type: z.enum(importTypes),
  fileKey: z.string(),
  currency: z.string().optional(),
  missing: z.enum(missingChoices),
  dryRun: z.boolean(),
});
const codes = Object.keys(lineProblems) as [LineProblemCode, ...LineProblemCode[]]; // the keys of the record
const problemsShape = z.array(
  z.object({ column: z.enum(catalogueColumns).optional(), code: z.enum(codes), found: z.string() }),
);
const columnsShape = z.object({ unknown: z.array(z.string()) });
const countsShape = z.partialRecord(z.enum(lineOutcomes), z.number());

type Row = Omit<ProductImportRow, 'dueAt'>;
const columns = `id, account_id AS "accountId", request, file_key AS "fileKey", state, reason, columns, lines,
  lines_without_sku AS "linesWithoutSku", used, missing_after AS "missingAfter", counts, created_at AS "createdAt",
  started_at AS "startedAt", finished_at AS "finishedAt", epoch, attempts`;
const ended = `('done', 'cancelled', 'failed')`;

export class PostgresImports implements Imports {
  constructor(private readonly database: Database) {}

  async create(request: ImportRequest): Promise<ProductImport> {
    return await this.database.transaction(async (session) => {
      await lockCatalogue(session, request.accountId);
      const [row] = await session.query<Row>(
        `INSERT INTO product_imports (account_id, request, file_key, state, due_at)
         SELECT $1, $2, $3, 'queued', now()
          WHERE (SELECT count(*) FROM product_imports WHERE account_id = $1 AND due_at IS NOT NULL) < $4
         RETURNING ${columns}`,
        [request.accountId, JSON.stringify(request), request.fileKey, importRules.atOnce],
      );
      if (!row) {
        const many = `${importRules.atOnce} imports of this account are unfinished`;
        throw new AppError('conflict', `${many}: wait for one of them, or cancel it.`);
      }
      return toImport(row);
    });
  }

  async find(id: string): Promise<ProductImport | undefined> {
    const [row] = await this.database.query<Row>(`SELECT ${columns} FROM product_imports WHERE id = $1`, [id]);
    return row && toImport(row);
  }

  async list(accountId: AccountId, before: string | undefined, limit: number): Promise<readonly ProductImport[]> {
    const rows = await this.database.query<Row>(
      `SELECT ${columns} FROM product_imports
        WHERE account_id = $1
          AND ($2::uuid IS NULL OR (created_at, id) < (SELECT created_at, id FROM product_imports WHERE id = $2))
        ORDER BY created_at DESC, id DESC LIMIT $3`,
      [accountId, before ?? null, limit],
    );
    return rows.map(toImport);
  }

  async lines(
    id: string,
    outcomes: readonly LineOutcome[],
    after: number,
    limit: number,
  ): Promise<readonly ImportLine[]> {
    const rows = await this.database.query<{
      number: number;
      line: number | null;
      sku: string | null;
      outcome: string;
      problems: unknown;
    }>(
      `SELECT number, line, sku, outcome, problems FROM product_import_lines
        WHERE import_id = $1 AND number > $2 AND outcome = ANY ($3) ORDER BY number LIMIT $4`,
      [id, after, outcomes, limit],
    );
    return rows.map(({ number, line, sku, outcome, problems }) => ({
      number,
      line: optional(line),
      sku: optional(sku),
      outcome: listed(lineOutcomes, outcome),
      problems: toProblems(problems),
    }));
  }

  async cancel(id: string): Promise<boolean> {
    // With a new epoch nothing that is under way can be kept any more.
    const rows = await this.database.query(
      `WITH cancelled AS (
         UPDATE product_imports SET state = 'cancelled', finished_at = now(), due_at = NULL, epoch = epoch + 1,
                reason = NULL, file_key = NULL
          WHERE id = $1 AND due_at IS NOT NULL RETURNING id)
       SELECT id FROM cancelled`,
      [id],
    );
    return rows.length > 0;
  }

  async claim(forMs: number): Promise<HeldImport | undefined> {
    // Of one account one after the other, in the order in which they were sent: the later file is the newer word.
    const [row] = await this.database.query<Row>(
      `WITH claimed AS (
         UPDATE product_imports SET state = 'running', started_at = coalesce(started_at, now()), epoch = epoch + 1,
                reason = NULL, due_at = now() + $1 * interval '1 millisecond'
          WHERE id = (SELECT id FROM product_imports AS due WHERE due_at <= now()
                        AND NOT EXISTS (SELECT FROM product_imports AS earlier
                          WHERE earlier.account_id = due.account_id AND earlier.due_at IS NOT NULL
                            AND (earlier.created_at, earlier.id) < (due.created_at, due.id))
                       ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING *)
       SELECT ${columns} FROM claimed`,
      [forMs],
    );
    if (!row) return undefined;
    const { id, epoch, attempts, lines, linesWithoutSku } = row;
    return { id, epoch, attempts, request: requestOf(row), staged: lines !== null, linesWithoutSku };
  }

  async stage(
    held: HeldImport,
    found: Columns,
    lines: readonly ReadLine[],
    forMs: number,
  ): Promise<HeldImport | undefined> {
    return await this.database.transaction(async (session) => {
      const linesWithoutSku = lines.filter(({ sku }) => sku === undefined).length;
      const failed = lines.filter((line) => !isUsable(line)).length;
      const ours = await session.query(
        `UPDATE product_imports SET columns = $3, lines = $4, lines_without_sku = $5, used = 0, counts = $6,
                file_key = NULL, attempts = 0, due_at = now() + $7 * interval '1 millisecond'
          WHERE id = $1 AND epoch = $2 RETURNING id`,
        [
          held.id,
          held.epoch,
          JSON.stringify(found),
          lines.length,
          linesWithoutSku,
          JSON.stringify({ failed, waiting: lines.length - failed }),
          forMs,
        ],
      );
      if (ours.length === 0) return undefined;
      await session.query('DELETE FROM product_import_lines WHERE import_id = $1', [held.id]);
      for (let from = 0; from < lines.length; from += stagedAtOnce) {
        const some = lines.slice(from, from + stagedAtOnce);
        await session.query(
          `INSERT INTO product_import_lines (import_id, number, line, sku, changes, problems, outcome)
           SELECT $1, $2 + position, line, sku, changes, problems, outcome
             FROM ROWS FROM (jsonb_to_recordset($3::jsonb) AS (line integer, sku text, changes jsonb, problems jsonb,
                  outcome text)) WITH ORDINALITY AS given (line, sku, changes, problems, outcome, position)`,
          [held.id, from, JSON.stringify(some.map(stagedLine))],
        );
      }
      return { ...held, staged: true, linesWithoutSku, attempts: 0 };
    });
  }

  async useLines(held: HeldImport, most: number, forMs: number): Promise<Step> {
    return await this.step(held, async (session, row) => {
      const { accountId, dryRun } = held.request;
      const lines = await session.query<StagedLine>(
        `SELECT number, sku, changes FROM product_import_lines
          WHERE import_id = $1 AND number > $2 AND outcome = 'waiting' ORDER BY number LIMIT $3`,
        [held.id, row.used, most],
      );
      const last = lines.at(-1);
      if (!last) return 'end';
      const counts = countsOf(row);
      const there = (await countProducts(session, accountId)) + (dryRun ? (counts.created ?? 0) : 0);
      const outcomes = await usedLines(session, accountId, lines, { dryRun, there });
      await this.report(session, held.id, outcomes);
      const more = tally(outcomes.map(({ outcome }) => outcome));
      const left = { waiting: (counts.waiting ?? 0) - lines.length };
      await this.advance(session, held, { counts: { ...sum(counts, more), ...left }, used: last.number, forMs });
      return 'more';
    });
  }

  async treatMissing(held: HeldImport, most: number, forMs: number): Promise<Step> {
    return await this.step(held, async (session, row) => {
      const { request } = held;
      const products = await missingProducts(session, held, row.missingAfter ?? '', most);
      const last = products.at(-1);
      if (!last) return 'end';
      const outcome = await treated(session, request, products);
      const counts = countsOf(row);
      const before = (row.lines ?? 0) + (counts['put-out-of-stock'] ?? 0) + (counts.deleted ?? 0);
      await session.query(
        `INSERT INTO product_import_lines (import_id, number, sku, outcome)
         SELECT $1, $2 + position, sku, $4 FROM unnest($3::text[]) WITH ORDINALITY AS given (sku, position)`,
        [held.id, before, products.map(({ sku }) => sku), outcome],
      );
      const more = { [outcome]: products.length };
      await this.advance(session, held, { counts: sum(counts, more), missingAfter: last.sku, forMs });
      return 'more';
    });
  }

  async release({ id, epoch }: HeldImport): Promise<void> {
    await this.change(`due_at = now()`, [id, epoch]);
  }

  async postpone({ id, epoch }: HeldImport, byMs: number, why: string): Promise<void> {
    await this.change(`due_at = now() + $3 * interval '1 millisecond', attempts = attempts + 1, reason = $4`, [
      id,
      epoch,
      byMs,
      reasonText(why),
    ]);
  }

  async finish({ id, epoch }: HeldImport, state: 'done' | 'failed', why: string | undefined): Promise<void> {
    await this.change(`state = $3, reason = $4, finished_at = now(), due_at = NULL, file_key = NULL`, [
      id,
      epoch,
      state,
      why === undefined ? null : reasonText(why),
    ]);
  }

  async forget(keptDays: number): Promise<number> {
    const rows = await this.database.query(
      `WITH gone AS (
         DELETE FROM product_imports WHERE id IN (
           SELECT id FROM product_imports WHERE created_at < now() - $1 * interval '1 day' AND state IN ${ended}
            ORDER BY created_at LIMIT ${forgottenAtOnce}) RETURNING id),
            lines AS (DELETE FROM product_import_lines USING gone WHERE import_id = gone.id)
       SELECT id FROM gone`,
      [keptDays],
    );
    return rows.length;
  }

  /** One batch and what is told of it, or nothing of both. */
  private async step(held: HeldImport, work: (session: Session, row: Row) => Promise<Step>): Promise<Step> {
    return await this.database.transaction(async (session) => {
      await lockCatalogue(session, held.request.accountId);
      const [row] = await session.query<Row>(
        `SELECT ${columns} FROM product_imports WHERE id = $1 AND epoch = $2 FOR UPDATE`,
        [held.id, held.epoch],
      );
      return row ? await work(session, row) : 'lost';
    });
  }

  private async report(session: Session, id: string, outcomes: Awaited<ReturnType<typeof usedLines>>): Promise<void> {
    await session.query(
      `UPDATE product_import_lines AS lines SET outcome = given.outcome, changes = NULL,
              problems = lines.problems || given.problems
         FROM jsonb_to_recordset($2::jsonb) AS given (number integer, outcome text, problems jsonb)
        WHERE import_id = $1 AND lines.number = given.number`,
      [id, JSON.stringify(outcomes)],
    );
  }

  private async advance(
    session: Session,
    { id }: HeldImport,
    to: { readonly counts: object; readonly used?: number; readonly missingAfter?: string; readonly forMs: number },
  ): Promise<void> {
    await session.query(
      `UPDATE product_imports SET counts = $2, used = coalesce($3, used), missing_after = coalesce($4, missing_after),
              attempts = 0, due_at = now() + $5 * interval '1 millisecond' WHERE id = $1`,
      [id, JSON.stringify(to.counts), to.used ?? null, to.missingAfter ?? null, to.forMs],
    );
  }

  /** @param parameters the id and the epoch first */
  private async change(columnsSet: string, parameters: readonly unknown[]): Promise<void> {
    await this.database.query(
      `WITH ours AS (UPDATE product_imports SET ${columnsSet} WHERE id = $1 AND epoch = $2 RETURNING id)
       SELECT id FROM ours`,
      parameters,
    );
  }
}

function stagedLine({ line, sku, changes, problems }: ReadLine): object {
  const usable = isUsable({ problems });
  return {
    line,
    sku: sku ?? null,
    changes: usable ? changes : null,
    problems,
    outcome: usable ? 'waiting' : 'failed',
  };
}

function reasonText(why: string): string {
  return cutText(storableText(why), reasonLength);
}

function countsOf({ counts }: Row): Partial<Record<LineOutcome, number>> {
  return countsShape.parse(counts);
}

function tally(outcomes: readonly LineOutcome[]): Partial<Record<LineOutcome, number>> {
  const counts: Partial<Record<LineOutcome, number>> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

function sum(
  one: Partial<Record<LineOutcome, number>>,
  other: Partial<Record<LineOutcome, number>>,
): Partial<Record<LineOutcome, number>> {
  return Object.fromEntries(lineOutcomes.map((outcome) => [outcome, (one[outcome] ?? 0) + (other[outcome] ?? 0)]));
}

function toProblems(problems: unknown): readonly LineProblem[] {
  return problemsShape.parse(problems).map(({ column, code, found }) => ({ column, code, found }));
}

function requestOf({ request }: Row): ImportRequest {
  const { currency, ...rest } = requestShape.parse(request);
  return { ...rest, currency };
}

function toImport(row: Row): ProductImport {
  const counts = countsOf(row);
  return {
    id: row.id,
    request: requestOf(row),
    state: listed(importStates, row.state),
    reason: optional(row.reason),
    lines: optional(row.lines),
    counts: {
      waiting: counts.waiting ?? 0,
      created: counts.created ?? 0,
      changed: counts.changed ?? 0,
      unchanged: counts.unchanged ?? 0,
      failed: counts.failed ?? 0,
      'put-out-of-stock': counts['put-out-of-stock'] ?? 0,
      deleted: counts.deleted ?? 0,
    },
    unknownColumns: row.columns === null ? [] : columnsShape.parse(row.columns).unknown,
    createdAt: row.createdAt,
    startedAt: optional(row.startedAt),
    finishedAt: optional(row.finishedAt),
  };
}
