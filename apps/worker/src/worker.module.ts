import type { WorkerHost } from '@nestjs/bullmq';
import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import type { Logger } from 'pino';
import { AccountAccess } from '#domain/accounts/access.js';
import { Accounts } from '#domain/accounts/accounts.js';
import { AnswerSettingsHistory } from '#domain/answers/settings-history.js';
import { CommentClassifier } from '#domain/comments/comment-classifier.js';
import { CommentContexts } from '#domain/comments/comment-contexts.js';
import { Comments } from '#domain/comments/comments.js';
import { Intake } from '#domain/comments/intake.js';
import { Coverage } from '#domain/coverage/coverage.js';
import { Imports } from '#domain/catalogue/imports.js';
import { Catalogue } from '#domain/catalogue/products.js';
import { TableReader } from '#domain/catalogue/table-reader.js';
import { Backtests } from '#domain/evaluation/backtests.js';
import { Samples } from '#domain/evaluation/samples.js';
import { TrialClassifier } from '#domain/evaluation/trial-classifier.js';
import { lanes, type Lane } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { ringingRules } from '#domain/jobs/ringing-rules.js';
import { DocumentReader } from '#domain/knowledge/document-reader.js';
import { Embedder } from '#domain/knowledge/embedder.js';
import { Indexing } from '#domain/knowledge/indexing.js';
import { Knowledge } from '#domain/knowledge/knowledge.js';
import { FileOwners } from '#domain/knowledge/file-owners.js';
import { FileStore } from '#domain/knowledge/file-store.js';
import { Vectors } from '#domain/knowledge/vectors.js';
import { MediaLibrary } from '#domain/media/media-library.js';
import { PostSight } from '#domain/media/post-sight.js';
import { Moderations } from '#domain/moderation/moderations.js';
import { Reviews } from '#domain/moderation/reviews.js';
import { OperatorsPace } from '#domain/notifications/alert-pace.js';
import { Alerts } from '#domain/notifications/alerts.js';
import { IncidentNotifier, IncidentTelling } from '#domain/notifications/incident-telling.js';
import { Incidents } from '#domain/notifications/incidents.js';
import { Notifier } from '#domain/notifications/notifier.js';
import { Platforms } from '#domain/platforms/platform.js';
import { Patterns } from '#domain/policies/patterns.js';
import { Policies } from '#domain/policies/policies.js';
import { Rulings } from '#domain/policies/rulings.js';
import { PromptLibrary } from '#domain/prompts/prompt-library.js';
import { Answering } from '#domain/replies/answering.js';
import { Publishing } from '#domain/replies/publishing.js';
import { Replies } from '#domain/replies/replies.js';
import { ReplyAllowance, ReplyLimits } from '#domain/replies/reply-allowance.js';
import { ReplyAudits } from '#domain/replies/reply-audits.js';
import { ReplyRemovals } from '#domain/replies/reply-removals.js';
import { ReplyWriter } from '#domain/replies/reply-writer.js';
import { Clock } from '#domain/shared/clock.js';
import { Allowances } from '#domain/work/allowances.js';
import { Leases } from '#domain/work/leases.js';
import { Pauses } from '#domain/work/pauses.js';
import { Turns } from '#domain/work/turns.js';
import { CheckSubscriptions } from '#use-cases/accounts/check-subscriptions.js';
import { DiscoverAccounts } from '#use-cases/accounts/discover-accounts.js';
import { RenewAccess } from '#use-cases/accounts/renew-access.js';
import { ClassifyComment } from '#use-cases/comments/classify-comment.js';
import { ReconcileCoverage } from '#use-cases/coverage/reconcile-coverage.js';
import { WatchCoverage } from '#use-cases/coverage/watch-coverage.js';
import { RunImports } from '#use-cases/catalogue/run-imports.js';
import { RunBacktests } from '#use-cases/evaluation/run-backtests.js';
import { SweepFiles } from '#use-cases/knowledge/sweep-files.js';
import { FillVectors } from '#use-cases/knowledge/fill-vectors.js';
import { IndexDocuments } from '#use-cases/knowledge/index-documents.js';
import { ApplyModeration } from '#use-cases/moderation/apply-moderation.js';
import { TellIncidents } from '#use-cases/notifications/tell-incidents.js';
import { TellOperators } from '#use-cases/notifications/tell-operators.js';
import { AuditReplies } from '#use-cases/replies/audit-replies.js';
import { DraftReply } from '#use-cases/replies/draft-reply.js';
import { ReconcileReply } from '#use-cases/replies/reconcile-reply.js';
import { RemoveReply } from '#use-cases/replies/remove-reply.js';
import { SendReply } from '#use-cases/replies/send-reply.js';
import { PerformJob } from '#use-cases/work/perform-job.js';
import { RingDueWork } from '#use-cases/work/ring-due-work.js';
import type { Config } from '#infrastructure/config/config.js';
import {
  HealthController,
  NEEDED_TO_BE_READY,
  type NeededDependency,
} from '#infrastructure/health/health.controller.js';
import { InfrastructureModule } from '#infrastructure/infrastructure.module.js';
import { PostgresModelCalls } from '#infrastructure/postgres/model-calls.js';
import { useCase } from '#infrastructure/nest/use-case.js';
import { workingOptions } from '#infrastructure/queue/connection.js';
import { laneProcessor, type DrainableLane } from '#infrastructure/queue/lane-processor.js';
import { MetricsController } from '#infrastructure/telemetry/metrics.controller.js';
import { Metrics } from '#infrastructure/telemetry/metrics.js';
import { AccountCare } from './account-care.js';
import { BacktestCare } from './backtest-care.js';
import { FileCare } from './file-care.js';
import { ImportCare } from './import-care.js';
import { KnowledgeCare } from './knowledge-care.js';
import { HandOver } from './hand-over.js';
import { jobHandlers } from './job-handlers.js';
import { reviewSchedules } from './reviewing.js';
import { RunJob } from './run-job.js';
import { Schedules } from './schedules.js';
import { searchCare } from './search-care.js';
import { incidentSchedules, watching, type Watches, WATCHES } from './watching.js';

/** Without either nothing can be done. */
const neededByWorker: readonly NeededDependency[] = ['database', 'redis'];
/** One alert at a time keeps their order in the chat. */
const alertsAtOnce = 1;
/** Old deliveries that one statement removes: it is over within milliseconds, and more are removed a second later. */
const forgottenAtOnce = 500;
/** Posts that are described in one round, one after the other: comments come first. */
const postsAtOnce = 3;
/** Of the 25 seconds until we must be gone; the rest closes connections. */
const drainWithinMs = 20_000;

@Module({})
export class WorkerModule {
  static forProcess(config: Config, logger: Logger): DynamicModule {
    const lanesOfThis = lanes.map((lane) => laneOf(lane, config, logger));
    return {
      module: WorkerModule,
      // Nobody sends a worker traffic: there is nobody to wait for when it stops.
      imports: [InfrastructureModule.forProcess({ ...config, shutdownGraceMs: 0 }, logger)],
      controllers: [HealthController, MetricsController],
      providers: [
        useCase(CommentContexts, Comments, MediaLibrary, Platforms, Clock),
        useCase(Rulings, Policies, Patterns, Clock),
        useCase(ClassifyComment, Comments, Accounts, Rulings, CommentContexts, CommentClassifier, Leases, HandOver),
        useCase(Answering, Knowledge, ReplyWriter, AnswerSettingsHistory, Catalogue),
        useCase(DraftReply, Replies, Comments, Accounts, CommentContexts, Answering, Allowances, HandOver),
        useCase(ReplyAllowance, Comments, Allowances, ReplyLimits),
        useCase(SendReply, Replies, Accounts, Platforms, Publishing, ReplyAllowance, Clock, HandOver),
        useCase(ReconcileReply, Replies, Comments, Accounts, Platforms, Leases, HandOver),
        useCase(RemoveReply, Replies, ReplyRemovals, Accounts, Platforms, Publishing, Leases),
        useCase(ApplyModeration, Moderations, Accounts, Platforms, Publishing, Leases, Clock),
        useCase(AuditReplies, ReplyAudits, Replies, Accounts, Platforms, Incidents),
        useCase(TellOperators, Alerts, Notifier, Allowances, OperatorsPace),
        useCase(TellIncidents, IncidentTelling, IncidentNotifier),
        { provide: NEEDED_TO_BE_READY, useValue: neededByWorker },
        ...watching(config, logger),
        useCase(DiscoverAccounts, Platforms, Accounts, Intake, Pauses, Incidents, Clock),
        useCase(RingDueWork, Leases, JobQueue, Clock),
        useCase(PerformJob, Leases, Clock, Incidents, Pauses),
        useCase(ReconcileCoverage, Platforms, Accounts, Coverage, Intake, JobQueue, Clock),
        useCase(WatchCoverage, Coverage, Incidents, Clock),
        useCase(CheckSubscriptions, Platforms, Accounts, Incidents),
        useCase(RenewAccess, Platforms, Accounts, AccountAccess, Incidents, Clock),
        useCase(
          RunBacktests,
          Backtests,
          Samples,
          Accounts,
          Policies,
          Patterns,
          CommentContexts,
          PromptLibrary,
          TrialClassifier,
          Clock,
        ),
        useCase(BacktestCare, RunBacktests, Backtests),
        useCase(SweepFiles, FileStore, FileOwners, Clock),
        fileCare(logger),
        useCase(RunImports, Imports, TableReader, FileStore, Clock),
        useCase(ImportCare, RunImports, Imports),
        useCase(IndexDocuments, Indexing, DocumentReader, Embedder, Clock),
        useCase(FillVectors, Vectors, Embedder, Incidents, Clock),
        useCase(KnowledgeCare, IndexDocuments, FillVectors, Turns),
        accountCare(config, logger),
        handOver(config, logger),
        runJob(logger),
        schedules(logger, config.deliveriesKeptDays),
        searchCare(logger),
        ...lanesOfThis,
        draining([...lanesOfThis, { provide: HandOver }]),
      ],
    };
  }
}

interface Places {
  readonly queue: Readonly<Record<Lane, number>>;
  readonly here: Readonly<Record<Lane, number>>;
}

/**
 * What a lane has on its way at once: half of it out of the queue, half of it steps that go on in the process where the
 * one before was done. None of these are alerts: theirs is an order to be kept.
 */
function placesOf({ concurrency: { thinking, outbound } }: Config): Places {
  const half = (count: number): number => Math.ceil(count / 2);
  return {
    queue: { thinking: half(thinking), outbound: half(outbound), alerts: alertsAtOnce },
    here: { thinking: thinking - half(thinking), outbound: outbound - half(outbound), alerts: 0 },
  };
}

function handOver(config: Config, logger: Logger): FactoryProvider<HandOver> {
  const { here } = placesOf(config);
  return {
    provide: HandOver,
    inject: [JobQueue],
    useFactory: (bell: JobQueue) => new HandOver(bell, here, logger),
  };
}

function runJob(logger: Logger): FactoryProvider<RunJob> {
  return {
    provide: RunJob,
    inject: [
      HandOver,
      PerformJob,
      Metrics,
      ClassifyComment,
      DraftReply,
      SendReply,
      ReconcileReply,
      RemoveReply,
      ApplyModeration,
      TellOperators,
    ],
    useFactory: (
      steps: HandOver,
      performJob: PerformJob,
      metrics: Metrics,
      ...useCases: Parameters<typeof jobHandlers>
    ) => {
      const jobs = new RunJob(performJob, jobHandlers(...useCases), logger, metrics);
      steps.begin(async (request) => await jobs.run(request));
      return jobs;
    },
  };
}

function accountCare({ coverageEveryMs, encryptionKeys }: Config, logger: Logger): FactoryProvider<AccountCare> {
  return {
    provide: AccountCare,
    inject: [Turns, ReconcileCoverage, WatchCoverage, CheckSubscriptions, RenewAccess],
    useFactory: (
      turns: Turns,
      reconcile: ReconcileCoverage,
      watch: WatchCoverage,
      subscriptions: CheckSubscriptions,
      access: RenewAccess,
    ) => {
      const settings = { coverageEveryMs, keepsTokens: encryptionKeys.length > 0 };
      return new AccountCare(turns, reconcile, watch, subscriptions, access, settings, logger);
    },
  };
}

function fileCare(logger: Logger): FactoryProvider<FileCare> {
  return {
    provide: FileCare,
    inject: [Turns, SweepFiles],
    useFactory: (turns: Turns, sweep: SweepFiles) => new FileCare(turns, sweep, logger),
  };
}

function laneOf(lane: Lane, config: Config, logger: Logger): FactoryProvider<WorkerHost & DrainableLane> {
  const { queue } = placesOf(config);
  return {
    provide: `lane-${lane}`,
    inject: [RunJob],
    useFactory: (jobs: RunJob) =>
      laneProcessor(lane, workingOptions(config.redisUrl, queue[lane]), (request) => jobs.run(request), logger),
  };
}

/** Workers stop before the database does: BullMQ's own closing has no time limit and comes too late. */
class Draining {
  constructor(private readonly lanesToDrain: readonly DrainableLane[]) {}

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.lanesToDrain.map(async (lane) => await lane.drain(drainWithinMs)));
  }
}

function draining(of: readonly Pick<FactoryProvider, 'provide'>[]): FactoryProvider<Draining> {
  return {
    provide: Draining,
    inject: of.map(({ provide }) => provide),
    useFactory: (...instances: DrainableLane[]) => new Draining(instances),
  };
}

function schedules(logger: Logger, deliveriesKeptDays: number): FactoryProvider<Schedules> {
  return {
    provide: Schedules,
    inject: [
      RingDueWork,
      DiscoverAccounts,
      Pauses,
      AuditReplies,
      AccountCare,
      TellIncidents,
      WATCHES,
      Intake,
      Turns,
      Reviews,
      PostgresModelCalls,
      BacktestCare,
      ImportCare,
      PostSight,
      FileCare,
      KnowledgeCare,
    ],
    useFactory: (
      ringDueWork: RingDueWork,
      discoverAccounts: DiscoverAccounts,
      pauses: Pauses,
      auditReplies: AuditReplies,
      care: AccountCare,
      tellIncidents: TellIncidents,
      watches: Watches,
      intake: Intake,
      turns: Turns,
      reviews: Reviews,
      modelCalls: PostgresModelCalls,
      backtests: BacktestCare,
      imports: ImportCare,
      sight: PostSight,
      files: FileCare,
      knowledge: KnowledgeCare,
    ) =>
      new Schedules(
        [
          ...incidentSchedules(tellIncidents, watches, logger),
          {
            name: 'sweep',
            everyMs: 3_000, // a lost bell costs this much at most
            run: async () => {
              const { rung, more } = await ringDueWork.execute();
              if (rung > 0) logger.debug({ rung }, 'The sweep rang for work that was due.');
              return more ? ringingRules.againAfterMs : undefined;
            },
          },
          {
            name: 'accounts',
            everyMs: 600_000, // a brand's name rarely changes
            afterFailureMs: 5_000, // until the first success nothing can be answered
            run: async () => {
              const found = await discoverAccounts.execute();
              logger.info({ accounts: found.map(({ username }) => username) }, 'Serving these accounts.');
            },
          },
          {
            name: 'pauses',
            everyMs: 15_000, // what a new token costs until replies go on
            run: async () => {
              const paused = await pauses.list();
              if (paused.length > 0) await pauses.tellWaiting();
              if (paused.some(({ why }) => why === 'disconnected')) await discoverAccounts.execute();
            },
          },
          {
            name: 'audit',
            everyMs: 10_000, // one look at an index that is empty as a rule
            run: async () => {
              const audited = await auditReplies.execute();
              if (audited > 0) logger.info({ audited }, 'Replies that were in doubt were looked at again.');
            },
          },
          {
            name: 'pictures',
            everyMs: 15_000, // what a person waits for a description that was asked for anew
            run: async () => {
              const described = await sight.catchUp(postsAtOnce);
              return described === postsAtOnce ? 1_000 : undefined;
            },
          },
          {
            name: 'forget',
            everyMs: 600_000, // old deliveries and calls are in nobody's way
            run: async () => {
              const forgotten = await intake.forgetDeliveries(deliveriesKeptDays, forgottenAtOnce);
              const calls = await modelCalls.forget(forgottenAtOnce);
              return Math.max(forgotten, calls) === forgottenAtOnce ? 1_000 : undefined;
            },
          },
          ...care.schedules(),
          ...reviewSchedules(turns, reviews, logger),
          ...backtests.schedules(),
          ...files.schedules(),
          ...imports.schedules(),
          ...knowledge.schedules(),
        ],
        logger,
      ),
  };
}
