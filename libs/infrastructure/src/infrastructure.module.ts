import { hostname } from 'node:os';
import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { Module, type DynamicModule, type FactoryProvider, type Provider } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { AccountAccess, type AccessSource } from '#domain/accounts/access.js';
import { Accounts } from '#domain/accounts/accounts.js';
import { LocalRuleChoices } from '#domain/comments/local-rule-choices.js';
import { Comments } from '#domain/comments/comments.js';
import { Decisions } from '#domain/comments/decisions.js';
import { Intake } from '#domain/comments/intake.js';
import { Corrections } from '#domain/comments/corrections.js';
import { Coverage } from '#domain/coverage/coverage.js';
import { lanes, type Lane } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import type { KnowledgeFigures } from '#domain/knowledge/knowledge-overview.js';
import { MediaLibrary } from '#domain/media/media-library.js';
import { Understandings } from '#domain/media/understandings.js';
import { Moderations } from '#domain/moderation/moderations.js';
import { Reviews } from '#domain/moderation/reviews.js';
import { Alerts } from '#domain/notifications/alerts.js';
import { IncidentTelling } from '#domain/notifications/incident-telling.js';
import { Incidents } from '#domain/notifications/incidents.js';
import { Platforms } from '#domain/platforms/platform.js';
import { Patterns } from '#domain/policies/patterns.js';
import { Policies } from '#domain/policies/policies.js';
import { Suggestions } from '#domain/policies/suggestions.js';
import { Takeovers } from '#domain/policies/takeovers.js';
import { Publishing } from '#domain/replies/publishing.js';
import { PrivateReplies } from '#domain/replies/private-replies.js';
import { Replies } from '#domain/replies/replies.js';
import { ReplyLimits } from '#domain/replies/reply-allowance.js';
import { ReplyAudits } from '#domain/replies/reply-audits.js';
import { ReplyWriter } from '#domain/replies/reply-writer.js';
import { Clock } from '#domain/shared/clock.js';
import { Budgets } from '#domain/spending/budget.js';
import { Usage } from '#domain/spending/usage.js';
import { Allowances } from '#domain/work/allowances.js';
import { Leases } from '#domain/work/leases.js';
import { Parked } from '#domain/work/parked.js';
import { Pauses } from '#domain/work/pauses.js';
import { Turns } from '#domain/work/turns.js';
import { KeyRing } from './access/key-ring.js';
import { CachedAccounts } from './cache/cached-accounts.js';
import { CachedPolicies } from './cache/cached-policies.js';
import { CachedMediaLibrary } from './cache/cached-media-library.js';
import type { Config } from './config/config.js';
import { ask, Dependencies } from './health/dependencies.js';
import { Readiness } from './health/health.controller.js';
import { Recent } from './health/recent.js';
import { OpenAiApi } from './openai/openai-api.js';
import { canaryFrom, OpenAiReplyWriter } from './openai/reply-writer.js';
import { ModelBudget } from './openai/model-budget.js';
import { ModelCalls } from './openai/model-calls.js';
import { usualPrices } from './openai/model-prices.js';
import { PromptChooser } from './openai/prompt-chooser.js';
import { LinearPatterns } from './patterns/linear-patterns.js';
import { deciding } from './deciding.js';
import { knowing, KNOWLEDGE_FIGURES } from './knowing.js';
import { connectPlatforms, PlatformList } from './platforms/platforms.js';
import { PostgresAccountAccess } from './postgres/account-access.js';
import { PostgresAccounts } from './postgres/accounts.js';
import { PostgresAlerts } from './postgres/alerts.js';
import { PostgresAllowances } from './postgres/allowances.js';
import { PostgresBudgets } from './postgres/budgets.js';
import { PostgresComments } from './postgres/comments.js';
import { PostgresCorrections } from './postgres/corrections.js';
import { PostgresCoverage } from './postgres/coverage.js';
import { dataSource } from './postgres/data-source.js';
import { Database } from './postgres/database.js';
import { PostgresDecisions } from './postgres/decisions.js';
import { PostgresIncidents } from './postgres/incidents.js';
import { PostgresIntake } from './postgres/intake.js';
import { PostgresLeases } from './postgres/leases.js';
import { PostgresLocalRuleChoices } from './postgres/local-rule-choices.js';
import { PostgresMediaLibrary } from './postgres/media-library.js';
import { PostgresModelCalls } from './postgres/model-calls.js';
import { PostgresModerations } from './postgres/moderations.js';
import { PostgresParked } from './postgres/parked.js';
import { PostgresPauses } from './postgres/pauses.js';
import { PostgresPolicies } from './postgres/policies.js';
import { PostgresPrivateReplies } from './postgres/private-replies.js';
import { PostgresReplies } from './postgres/replies.js';
import { PostgresReplyAudits } from './postgres/reply-audits.js';
import { PostgresReviews } from './postgres/reviews.js';
import { PostgresSuggestions } from './postgres/suggestions.js';
import { PostgresTakeovers } from './postgres/takeovers.js';
import { PostgresTurns } from './postgres/turns.js';
import { PostgresUnderstandings } from './postgres/understandings.js';
import { PostgresUsage } from './postgres/usage.js';
import { PostgresWorkOverview, type WorkOverview } from './postgres/work-overview.js';
import { BullJobQueue } from './queue/bull-job-queue.js';
import { ringingOptions } from './queue/connection.js';
import { laneDepths, type LaneDepth } from './queue/lane-depths.js';
import { proving } from './proving.js';
import { connectRedis, type Redis } from './redis/redis.js';
import { PlatformLimits } from './resilience/platform-limits.js';
import type { VendorConnection } from './resilience/vendor-connection.js';
import { classifying, seeing } from './understanding.js';
import { TelegramApi } from './telegram/telegram-api.js';
import { telling } from './telling.js';
import { METRICS_TOKEN } from './telemetry/metrics.controller.js';
import { Metrics } from './telemetry/metrics.js';

// Values that are no classes of ours need tokens of their own.
export const LOGGER = Symbol('logger');
export const REDIS = Symbol('redis');
const VENDORS = Symbol('vendors');
const WORK = Symbol('work');
const DEPTHS = Symbol('depths');

/** The quota at the vendor is one: who asks models about comments tells of it, and once is enough. */
const untold: Pick<Incidents, 'open' | 'close'> = {
  open: async () => await Promise.resolve(),
  close: async () => await Promise.resolve(),
};

/** The list: which adapter stands behind which port. */
@Module({})
export class InfrastructureModule {
  static forProcess(config: Config, logger: Logger): DynamicModule {
    const providers = [
      ...outside(config, logger),
      ...postgres(config),
      ...access(config, logger),
      ...vendors(config, logger),
      ...proving(config, logger),
      ...knowing(config, logger),
      ...deciding(),
      queue(logger),
      ...measuring(config),
    ];
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
    { provide: ReplyLimits, useValue: config.replyLimits satisfies ReplyLimits },
    { provide: Readiness, useValue: new Readiness(config.shutdownGraceMs) },
    {
      provide: Dependencies,
      inject: [Database, REDIS, VENDORS, WORK, DEPTHS],
      useFactory: (
        database: Database,
        redis: Redis,
        vendorConnections: readonly VendorConnection[],
        work: Recent<WorkOverview>,
        depths: Recent<Readonly<Record<Lane, LaneDepth>>>,
      ): Dependencies => ({
        database: async () => await ask(async () => await database.query('SELECT 1')),
        redis: async () => await ask(async () => await redis.ping()),
        circuits: () => vendorConnections.flatMap((connection) => connection.circuits()),
        work: async () => await work.read(),
        lanes: async () => await depths.read(),
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
    {
      provide: Accounts,
      inject: [Database],
      useFactory: (database: Database) => new CachedAccounts(new PostgresAccounts(database)),
    },
    on(Alerts, PostgresAlerts),
    on(Budgets, PostgresBudgets),
    {
      provide: PostgresModelCalls,
      inject: [Database],
      useFactory: (database: Database) => new PostgresModelCalls(database),
    },
    on(Usage, PostgresUsage),
    on(Allowances, PostgresAllowances),
    on(Comments, PostgresComments),
    on(Corrections, PostgresCorrections),
    on(Coverage, PostgresCoverage),
    on(Decisions, PostgresDecisions),
    on(Incidents, PostgresIncidents),
    on(IncidentTelling, PostgresIncidents),
    on(Intake, PostgresIntake),
    {
      provide: MediaLibrary,
      inject: [Database],
      useFactory: (database: Database) => new CachedMediaLibrary(new PostgresMediaLibrary(database)),
    },
    on(LocalRuleChoices, PostgresLocalRuleChoices),
    on(Moderations, PostgresModerations),
    on(Pauses, PostgresPauses),
    on(Parked, PostgresParked),
    {
      provide: Policies,
      inject: [Database],
      useFactory: (database: Database) => new CachedPolicies(new PostgresPolicies(database)),
    },
    { provide: Patterns, useFactory: () => new LinearPatterns() },
    on(PrivateReplies, PostgresPrivateReplies),
    on(Replies, PostgresReplies),
    on(ReplyAudits, PostgresReplyAudits),
    on(Reviews, PostgresReviews),
    on(Suggestions, PostgresSuggestions),
    on(Takeovers, PostgresTakeovers),
    on(Turns, PostgresTurns),
    on(Understandings, PostgresUnderstandings),
  ];
}

function access({ encryptionKeys, instagram }: Config, logger: Logger): Provider[] {
  return [
    {
      provide: PostgresAccountAccess,
      inject: [Database],
      useFactory: (database: Database) =>
        new PostgresAccountAccess(database, new KeyRing(encryptionKeys), instagram.token, logger),
    },
    { provide: AccountAccess, useExisting: PostgresAccountAccess },
  ];
}

function vendors(config: Config, logger: Logger): Provider[] {
  const telegram = config.telegram && new TelegramApi(config.telegram);
  const { classificationModels, responseModels, visionModels, prices } = config.openai;
  // The first does the work, the others step in.
  const [responseModel = '', ...otherWriters] = responseModels;
  return [
    ...seeing(visionModels, logger),
    classifying(classificationModels),
    {
      provide: PlatformList,
      inject: [Allowances, PostgresAccountAccess],
      useFactory: (allowances: Allowances, source: AccessSource) => {
        const unwritten = (error: unknown): void =>
          logger.warn({ err: error }, 'What the platform says about its limits could not be shared; it says it again.');
        const settings = { instagram: { ...config.instagram, access: source } };
        return connectPlatforms(settings, new PlatformLimits(allowances, unwritten));
      },
    },
    {
      provide: OpenAiApi,
      inject: [Allowances, Incidents, PostgresModelCalls],
      useFactory: (allowances: Allowances, incidents: Incidents, book: PostgresModelCalls) => {
        const withoutPrice = (model: string): void =>
          logger.warn(
            { model },
            'The price of this model is not known: its calls are counted without money. Set OPENAI_PRICES.',
          );
        const calls = new ModelCalls(book, { ...usualPrices, ...prices }, withoutPrice);
        const { perMinute } = config.openai;
        return new OpenAiApi(
          config.openai,
          undefined,
          new ModelBudget(allowances, incidents, perMinute),
          calls,
          new ModelBudget(allowances, untold, perMinute, undefined, 'embeddings'),
        );
      },
    },
    {
      provide: VENDORS,
      inject: [PlatformList, OpenAiApi],
      useFactory: (platforms: PlatformList, openai: OpenAiApi): readonly VendorConnection[] => [
        platforms,
        openai,
        ...(telegram ? [telegram] : []),
      ],
    },
    { provide: Platforms, useExisting: PlatformList },
    {
      provide: ReplyWriter,
      inject: [OpenAiApi, PromptChooser],
      useFactory: (openai: OpenAiApi, chooser: PromptChooser) =>
        new OpenAiReplyWriter(
          openai,
          responseModel,
          async (comment) => await chooser.choose('write-reply', comment),
          otherWriters,
          canaryFrom(config.instagram.appSecrets[0]),
          { ...usualPrices, ...prices },
        ),
    },
    ...telling(config, telegram),
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

function measuring(config: Config): Provider[] {
  const { classificationModels, responseModels, embeddingModels } = config.openai;
  return [
    {
      provide: WORK,
      inject: [Database],
      useFactory: (database: Database) => {
        const overview = new PostgresWorkOverview(database);
        return new Recent(async () => await overview.read());
      },
    },
    {
      provide: DEPTHS,
      inject: lanes.map((lane) => getQueueToken(lane)),
      useFactory: (thinking: Queue, outbound: Queue, alerts: Queue) =>
        new Recent(async () => await laneDepths({ thinking, outbound, alerts })),
    },
    { provide: METRICS_TOKEN, useValue: config.adminToken },
    {
      provide: Metrics,
      inject: [Dependencies, Database, KNOWLEDGE_FIGURES],
      useFactory: (dependencies: Dependencies, database: Database, figures: Recent<KnowledgeFigures>) =>
        new Metrics(
          {
            work: async () => await dependencies.work(),
            lanes: async () => await dependencies.lanes(),
            knowledge: async () => await figures.read(),
            circuits: () => dependencies.circuits(),
            pool: () => database.pool(),
          },
          [...classificationModels, ...responseModels, ...embeddingModels],
        ),
    },
  ];
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
