import type { ClientConfig, PoolConfig } from 'pg';
import { DataSource, MigrationExecutor } from 'typeorm';
import { AccountTokenRow } from './entities/account-token.entity.js';
import { AccountRow } from './entities/account.entity.js';
import { AlertRow } from './entities/alert.entity.js';
import { AllowanceHoldRow, AllowanceUseRow } from './entities/allowance.entity.js';
import { AnswerSettingsRow } from './entities/answer-settings.entity.js';
import { BacktestChangeRow, BacktestRow } from './entities/backtest.entity.js';
import { CommentRow } from './entities/comment.entity.js';
import { CorrectionRow } from './entities/correction.entity.js';
import { DecisionRow } from './entities/decision.entity.js';
import { DeliveryRow, QuarantineRow } from './entities/delivery.entity.js';
import { DocumentRow, PassageDraftRow, PassageRow } from './entities/document.entity.js';
import { EmbeddingModelRow, PassageVectorRow } from './entities/embedding.entity.js';
import { IncidentRow } from './entities/incident.entity.js';
import { MediaLookRow } from './entities/media-look.entity.js';
import { MediaRow } from './entities/media.entity.js';
import { ModerationRow } from './entities/moderation.entity.js';
import { PauseRow } from './entities/pause.entity.js';
import { PolicyRow, TakeoverRow } from './entities/policy.entity.js';
import { ProductImportLineRow, ProductImportRow, ProductRow } from './entities/product.entity.js';
import { PromptChoiceRow } from './entities/prompt-choice.entity.js';
import { ReplyActionRow, ReplyRow } from './entities/reply.entity.js';
import { BudgetRow, ModelCallRow, SpendingDayRow, UsageDayRow } from './entities/spending.entity.js';
import { ReviewRow, ReviewWeekRow } from './entities/review.entity.js';
import { TurnRow } from './entities/turn.entity.js';
import { UnderstandingRow } from './entities/understanding.entity.js';
import { FirstLight1763664000000 } from './migrations/0001-first-light.js';
import { Incidents1763668800000 } from './migrations/0002-incidents.js';
import { Pauses1763672400000 } from './migrations/0003-pauses.js';
import { Limits1763676000000 } from './migrations/0004-limits.js';
import { Actions1763679600000 } from './migrations/0005-actions.js';
import { Coverage1763683200000 } from './migrations/0006-coverage.js';
import { AccountTokens1763686800000 } from './migrations/0007-account-tokens.js';
import { Growth1763690400000 } from './migrations/0008-growth.js';
import { AlikeComments1763694000000 } from './migrations/0009-alike-comments.js';
import { SharedStatements1763697600000 } from './migrations/0010-shared-statements.js';
import { Policies1763701200000 } from './migrations/0011-policies.js';
import { Seeing1763704800000 } from './migrations/0012-seeing.js';
import { Spending1763708400000 } from './migrations/0013-spending.js';
import { Proving1763712000000 } from './migrations/0014-proving.js';
import { FairModeration1763715600000 } from './migrations/0015-fair-moderation.js';
import { Knowing1763719200000 } from './migrations/0016-knowing.js';
import { Catalogue1763722800000 } from './migrations/0017-catalogue.js';
import { Answers1763726400000 } from './migrations/0018-answers.js';
import { PeopleDecide1763730000000 } from './migrations/0019-people-decide.js';
import { Searching1763733600000 } from './migrations/0020-searching.js';
import { PreparedStatements } from './prepared-statements.js';

/**
 * Connections per process, besides two for prepared statements: an api, four workers and a schema step are fewer than
 * 30. What runs all the time is prepared and shared, so that dozens of jobs keep no more than these busy.
 */
const poolSize = 3;
/** A free connection that takes longer than this will not come in time for anybody who waits. */
const poolWaitMs = 5_000;
/** No statement of ours needs this long; one that does holds a connection that others wait for. */
const statementMs = 15_000;

export interface ConnectionLimits {
  readonly poolSize: number;
  readonly statementMs: number;
}

export const servingLimits: ConnectionLimits = { poolSize, statementMs };
/** A change of the schema may rewrite a large table, and waits for another process that is doing it. */
export const migratingLimits: ConnectionLimits = { poolSize: 1, statementMs: 3_600_000 };

/** The settings of our PostgreSQL connections; nothing is opened yet. `synchronize` never: migrations only. */
export function dataSource(databaseUrl: string, applicationName: string, limits = servingLimits): DataSource {
  return new DataSource({
    type: 'postgres',
    url: databaseUrl,
    applicationName,
    poolSize: limits.poolSize,
    entities: [
      AccountRow,
      AccountTokenRow,
      AlertRow,
      AllowanceHoldRow,
      AllowanceUseRow,
      AnswerSettingsRow,
      BudgetRow,
      BacktestChangeRow,
      BacktestRow,
      CommentRow,
      CorrectionRow,
      DecisionRow,
      DeliveryRow,
      DocumentRow,
      EmbeddingModelRow,
      IncidentRow,
      MediaLookRow,
      MediaRow,
      ModelCallRow,
      ModerationRow,
      PassageDraftRow,
      PassageRow,
      PassageVectorRow,
      PauseRow,
      PolicyRow,
      ProductImportLineRow,
      ProductImportRow,
      ProductRow,
      PromptChoiceRow,
      QuarantineRow,
      ReplyActionRow,
      ReplyRow,
      SpendingDayRow,
      ReviewRow,
      ReviewWeekRow,
      TakeoverRow,
      TurnRow,
      UnderstandingRow,
      UsageDayRow,
    ],
    migrations: [
      FirstLight1763664000000,
      Incidents1763668800000,
      Pauses1763672400000,
      Limits1763676000000,
      Actions1763679600000,
      Coverage1763683200000,
      AccountTokens1763686800000,
      Growth1763690400000,
      AlikeComments1763694000000,
      SharedStatements1763697600000,
      Policies1763701200000,
      Seeing1763704800000,
      Spending1763708400000,
      Proving1763712000000,
      FairModeration1763715600000,
      Knowing1763719200000,
      Catalogue1763722800000,
      Answers1763726400000,
      PeopleDecide1763730000000,
      Searching1763733600000,
    ],
    migrationsTableName: 'schema_migrations',
    synchronize: false,
    installExtensions: false,
    extra: connectionSettings(limits.statementMs),
  });
}

/** Connections as those of `dataSource`, for what it serves; opened when they are needed first. */
export function preparedStatements({ options }: DataSource): PreparedStatements {
  if (options.type !== 'postgres' || options.url === undefined) throw new Error('no address of a PostgreSQL');
  return new PreparedStatements({
    connectionString: options.url,
    application_name: options.applicationName,
    ...connectionSettings(statementMs),
  });
}

/** A connection for what takes long and stands in nobody's way. */
export function longWork(databaseUrl: string): ClientConfig {
  return {
    connectionString: databaseUrl,
    application_name: 'instachatico-index',
    ...connectionSettings(migratingLimits.statementMs),
  };
}

function connectionSettings(limitMs: number): PoolConfig {
  return {
    connectionTimeoutMillis: poolWaitMs,
    // The server's own limit, and the client's for a server that does not answer at all.
    statement_timeout: limitMs,
    query_timeout: limitMs + 1_000,
    idle_in_transaction_session_timeout: limitMs,
    keepAlive: true,
    // Our statements are many and short. Compiling one (the sweep's plan looks costly) took seconds, running it a millisecond.
    options: '-c jit=off',
  };
}

// Any number; the same in every process, so that they queue for the schema.
const schemaLock = 4_837_112;

/** Brings the schema of a database up to date over a connection of its own. @returns the names of what ran */
export async function migrateDatabase(databaseUrl: string): Promise<readonly string[]> {
  const source = await dataSource(databaseUrl, 'instachatico-migrate', migratingLimits).initialize();
  try {
    return await migrate(source);
  } finally {
    await source.destroy();
  }
}

/**
 * Brings the schema up to date. Safe with any number of processes starting at once: they queue for a lock that ends
 * with the transaction, and all but the first find nothing to do.
 * @returns the names of the migrations that ran here
 */
async function migrate(source: DataSource): Promise<readonly string[]> {
  const runner = source.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query('SELECT pg_advisory_xact_lock($1)', [schemaLock]);
    const executor = new MigrationExecutor(source, runner);
    executor.transaction = 'none'; // it is this one
    const done = await executor.executePendingMigrations();
    await runner.commitTransaction();
    return done.map(({ name }) => name);
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.release();
  }
}
