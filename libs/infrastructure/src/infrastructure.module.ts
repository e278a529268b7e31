import { hostname } from 'node:os';
import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { Module, type DynamicModule, type FactoryProvider, type Provider } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { Accounts } from '#domain/accounts/accounts.js';
import { CommentClassifier } from '#domain/comments/comment-classifier.js';
import { Comments } from '#domain/comments/comments.js';
import { Decisions } from '#domain/comments/decisions.js';
import { Intake } from '#domain/comments/intake.js';
import { lanes } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { Documents, Knowledge } from '#domain/knowledge/knowledge.js';
import { MediaLibrary } from '#domain/media/media-library.js';
import { Moderations } from '#domain/moderation/moderations.js';
import { Alerts } from '#domain/notifications/alerts.js';
import { Incidents } from '#domain/notifications/incidents.js';
import { Notifier } from '#domain/notifications/notifier.js';
import { Platforms } from '#domain/platforms/platform.js';
import { Publishing } from '#domain/replies/publishing.js';
import { Replies } from '#domain/replies/replies.js';
import { ReplyWriter } from '#domain/replies/reply-writer.js';
import { Clock } from '#domain/shared/clock.js';
import { Leases } from '#domain/work/leases.js';
import type { Config } from './config/config.js';
import { ask, Dependencies } from './health/dependencies.js';
import { Readiness } from './health/health.controller.js';
import { OpenAiApi } from './openai/openai-api.js';
import { OpenAiCommentClassifier } from './openai/comment-classifier.js';
import { OpenAiReplyWriter } from './openai/reply-writer.js';
import { connectPlatforms } from './platforms/platforms.js';
import { PostgresAccounts } from './postgres/accounts.js';
import { PostgresAlerts } from './postgres/alerts.js';
import { PostgresComments } from './postgres/comments.js';
import { dataSource } from './postgres/data-source.js';
import { Database } from './postgres/database.js';
import { PostgresDecisions } from './postgres/decisions.js';
import { PostgresIncidents } from './postgres/incidents.js';
import { PostgresIntake } from './postgres/intake.js';
import { PostgresDocuments, PostgresKnowledge } from './postgres/knowledge.js';
import { PostgresLeases } from './postgres/leases.js';
import { PostgresMediaLibrary } from './postgres/media-library.js';
import { PostgresModerations } from './postgres/moderations.js';
import { PostgresReplies } from './postgres/replies.js';
import { BullJobQueue } from './queue/bull-job-queue.js';
import { ringingOptions } from './queue/connection.js';
import { connectRedis, type Redis } from './redis/redis.js';
import type { VendorConnection } from './resilience/vendor-connection.js';
import { TelegramApi } from './telegram/telegram-api.js';
import { NoNotifier, TelegramNotifier } from './telegram/telegram-notifier.js';

// Values that are no classes of ours need tokens of their own.
export const LOGGER = Symbol('logger');
export const REDIS = Symbol('redis');
const VENDORS = Symbol('vendors');

/** The list: which adapter stands behind which port. */
@Module({})
export class InfrastructureModule {
  static forProcess(config: Config, logger: Logger): DynamicModule {
    const providers = [...outside(config, logger), ...postgres(config), ...vendors(config), queue(logger)];
    return {
      module: InfrastructureModule,
      global: true,
      imports: [
        TerminusModule.forRoot({ logger: false }),
        ...lanes.map((name) => BullModule.registerQueue({ name, ...ringingOptions(config.redisUrl) })),
      ],
      providers: [...providers, closing],
      exports: [...providers, TerminusModule],
    };
  }
}

function outside(config: Config, logger: Logger): Provider[] {
  return [
    { provide: LOGGER, useValue: logger },
    { provide: REDIS, useFactory: () => connectRedis(config.redisUrl, logger) },
    {
      provide: Clock,
      useValue: {
        now: () => new Date(),
        elapsedMs: () => performance.now(),
        random: () => Math.random(),
      } satisfies Clock,
    },
    { provide: Publishing, useValue: { dryRun: config.dryRun } satisfies Publishing },
    { provide: Readiness, useValue: new Readiness(config.shutdownGraceMs) },
    {
      provide: Dependencies,
      inject: [Database, REDIS, VENDORS],
      useFactory: (database: Database, redis: Redis, vendorConnections: readonly VendorConnection[]): Dependencies => ({
        database: async () => await ask(async () => await database.query('SELECT 1')),
        redis: async () => await ask(async () => await redis.ping()),
        circuits: () => vendorConnections.flatMap((connection) => connection.circuits()),
      }),
    },
  ];
}

function postgres(config: Config): Provider[] {
  const on = <Port>(
    port: abstract new () => Port,
    adapter: new (database: Database) => Port,
  ): FactoryProvider<Port> => ({
    provide: port,
    inject: [Database],
    useFactory: (database: Database) => new adapter(database),
  });
  return [
    {
      provide: Database,
      useFactory: async () => new Database(await dataSource(config.databaseUrl, 'instachatico').initialize()),
    },
    {
      provide: Leases,
      inject: [Database],
      useFactory: (database: Database) => new PostgresLeases(database, `${hostname()}-${process.pid}`),
    },
    on(Accounts, PostgresAccounts),
    on(Alerts, PostgresAlerts),
    on(Comments, PostgresComments),
    on(Decisions, PostgresDecisions),
    on(Documents, PostgresDocuments),
    on(Incidents, PostgresIncidents),
    on(Intake, PostgresIntake),
    on(Knowledge, PostgresKnowledge),
    on(MediaLibrary, PostgresMediaLibrary),
    on(Moderations, PostgresModerations),
    on(Replies, PostgresReplies),
  ];
}

function vendors(config: Config): Provider[] {
  const telegram = config.telegram && new TelegramApi(config.telegram);
  const platforms = connectPlatforms(config);
  const openai = new OpenAiApi(config.openai);
  const { classificationModel, responseModel } = config.openai;
  const connections: readonly VendorConnection[] = [platforms, openai, ...(telegram ? [telegram] : [])];
  return [
    { provide: VENDORS, useValue: connections },
    { provide: Platforms, useValue: platforms },
    { provide: CommentClassifier, useValue: new OpenAiCommentClassifier(openai, classificationModel) },
    { provide: ReplyWriter, useValue: new OpenAiReplyWriter(openai, responseModel) },
    {
      provide: Notifier,
      useValue: telegram && config.telegram ? new TelegramNotifier(telegram, config.telegram) : new NoNotifier(),
    },
  ];
}

function queue(logger: Logger): FactoryProvider<JobQueue> {
  return {
    provide: JobQueue,
    inject: lanes.map((lane) => getQueueToken(lane)),
    useFactory: (thinking: Queue, outbound: Queue, alerts: Queue) =>
      new BullJobQueue({ thinking, outbound, alerts }, logger),
  };
}

/** Last of all: Nest calls this phase after the servers are closed and the lanes are drained. */
class Closing {
  constructor(
    private readonly database: Database,
    private readonly redis: Redis,
    private readonly vendorConnections: readonly VendorConnection[],
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.vendorConnections.map(async (connection) => await connection.close()));
    await this.database.close();
    this.redis.destroy();
  }
}

const closing: FactoryProvider<Closing> = {
  provide: Closing,
  inject: [Database, REDIS, VENDORS],
  useFactory: (database: Database, redis: Redis, vendorConnections: readonly VendorConnection[]) =>
    new Closing(database, redis, vendorConnections),
};
