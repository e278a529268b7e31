import {
  DataSource,
  QueryFailedError,
  type EntityManager,
  type EntityTarget,
  type FindManyOptions,
  type FindOptionsWhere,
  type ObjectLiteral,
} from 'typeorm';
import type { NewDecision } from '#domain/comments/reason-codes.js';
import { reasons } from '#domain/comments/reason-codes.js';
import { AppError } from '#domain/shared/errors.js';
import { preparedStatements } from './data-source.js';
import type { PreparedStatements } from './prepared-statements.js';

/** One row of an answer; columns are read by name and their type is the statement's business. */
export type Row = Readonly<Record<string, unknown>>;

export interface Session {
  /** @returns the rows of a SELECT or of RETURNING */
  query<R extends object = Row>(sql: string, parameters?: readonly unknown[]): Promise<R[]>;
}

// SQLSTATEs that say "not now": connection, access (a password is being changed), no such database (it is being restored),
// resources, operator's intervention, system, serialisation and deadlock, a lock that is held; and a server that takes no
// writes because another one is taking over (25006), or ended a transaction that idled (25P03).
const temporary = /^(?:08|28|3D|40|53|55|57|58|25006|25P03)/u;

/**
 * The database, with its failures told apart: what did not reach it or was refused for now is AppError 'unavailable',
 * everything else (a broken statement, a broken rule) is a bug and stays what it is.
 */
export class Database implements Session {
  /** Made at its first use: a pool opens no connection before. */
  private preparing: PreparedStatements | undefined;

  constructor(private readonly source: DataSource) {}

  async one<Entity extends ObjectLiteral>(
    entity: EntityTarget<Entity>,
    where: FindOptionsWhere<Entity>,
  ): Promise<Entity | null> {
    return await translated(async () => await this.source.getRepository(entity).findOneBy(where));
  }

  async many<Entity extends ObjectLiteral>(
    entity: EntityTarget<Entity>,
    options: FindManyOptions<Entity>,
  ): Promise<Entity[]> {
    return await translated(async () => await this.source.getRepository(entity).find(options));
  }

  /** Rows by their ids: what `many` finds, by a prepared statement. @param more further columns */
  async byIds<Entity extends ObjectLiteral>(
    entity: EntityTarget<Entity>,
    idType: 'text' | 'uuid',
    ids: readonly string[],
    more: readonly string[] = [],
  ): Promise<Entity[]> {
    const { columns, tablePath } = this.source.getMetadata(entity);
    const list = [...columns.map(({ databaseName, propertyName }) => `${databaseName} AS "${propertyName}"`), ...more];
    return await this.prepared<Entity>(`SELECT ${list.join(', ')} FROM ${tablePath} WHERE id = ANY ($1::${idType}[])`, [
      ids,
    ]);
  }

  async query<R extends object = Row>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    return await translated(async () => await rowsOf<R>(this.source.manager, sql, parameters));
  }

  /**
   * For the statements that run all the time, with indexes for everything that they look for; everything else is a
   * `query`. Each is a transaction of its own.
   */
  async prepared<R extends object>(statement: string, parameters: readonly unknown[]): Promise<R[]> {
    this.preparing ??= preparedStatements(this.source);
    const statements = this.preparing;
    return await translated(async () => await statements.run<R>(statement, [...parameters]));
  }

  /** Short, and never around a call to the outside: a transaction holds a connection that others wait for. */
  async transaction<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return await translated(
      async () =>
        await this.source.transaction(
          async (manager) =>
            await work({ query: async (sql, parameters = []) => await rowsOf(manager, sql, parameters) }),
        ),
    );
  }

  /** Connections of this process: open ones, those that nobody uses, and how many wait for one. */
  pool(): { readonly total: number; readonly idle: number; readonly waiting: number } {
    const pool: unknown = Reflect.get(this.source.driver, 'master'); // the driver's own pool of connections
    const figure = (name: string): number => Number(Reflect.get(Object(pool), name) ?? 0);
    const { total, idle, waiting } = this.preparing?.figures() ?? { total: 0, idle: 0, waiting: 0 };
    return {
      total: figure('totalCount') + total,
      idle: figure('idleCount') + idle,
      waiting: figure('waitingCount') + waiting,
    };
  }

  async close(): Promise<void> {
    await this.preparing?.close();
    this.preparing = undefined;
    if (this.source.isInitialized) await this.source.destroy();
  }
}

async function rowsOf<R extends object>(
  manager: EntityManager,
  sql: string,
  parameters: readonly unknown[],
): Promise<R[]> {
  const result: unknown = await manager.query(sql, [...parameters]);
  // TypeORM answers [rows, count] for a bare UPDATE or DELETE and rows for everything else.
  const rows = Array.isArray(result) && result.length === 2 && Array.isArray(result[0]) ? result[0] : result;
  return rows as R[]; // the statement's own columns: the caller wrote both
}

async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isTemporary(error)) throw new AppError('unavailable', 'the database cannot do this now', { cause: error });
    throw error;
  }
}

function isTemporary(error: unknown): boolean {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (cause instanceof AppError || !(cause instanceof Error)) return false;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  // The driver's own errors (no free connection, connection lost, no answer in time) carry no SQLSTATE.
  if (code === undefined) return error instanceof QueryFailedError || cause.constructor === Error;
  return temporary.test(code) || /^E[A-Z_]+$/u.test(code);
}

/** Columns of a decision, for `INSERT INTO decisions`, from JSON in one parameter. */
export function decisionsParameter(decisions: readonly NewDecision[]): string {
  return JSON.stringify(
    decisions.map(({ reason, detail = {}, actor = 'system' }) => ({
      step: reasons[reason].step,
      reason,
      detail,
      actor,
    })),
  );
}

/** Writes decisions in their order; `$n` is the JSON parameter made by `decisionsParameter`. */
export function insertDecisions(commentIdFrom: string, parameter: string): string {
  return `INSERT INTO decisions (comment_id, step, reason, detail, actor)
    SELECT source.comment_id, d->>'step', d->>'reason', d->'detail', d->>'actor'
      FROM ${commentIdFrom} AS source, jsonb_array_elements(${parameter}::jsonb) WITH ORDINALITY AS list(d, position)
     ORDER BY position`;
}
