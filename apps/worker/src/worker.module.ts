import type { WorkerHost } from '@nestjs/bullmq';
import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import type { Logger } from 'pino';
import { Accounts } from '#domain/accounts/accounts.js';
import { CommentClassifier } from '#domain/comments/comment-classifier.js';
import { Comments } from '#domain/comments/comments.js';
import { Intake } from '#domain/comments/intake.js';
import { lanes, type Lane } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { Knowledge } from '#domain/knowledge/knowledge.js';
import { MediaLibrary } from '#domain/media/media-library.js';
import { Moderations } from '#domain/moderation/moderations.js';
import { Alerts } from '#domain/notifications/alerts.js';
import { Notifier } from '#domain/notifications/notifier.js';
import { Platforms } from '#domain/platforms/platform.js';
import { Publishing } from '#domain/replies/publishing.js';
import { Replies } from '#domain/replies/replies.js';
import { ReplyWriter } from '#domain/replies/reply-writer.js';
import { Clock } from '#domain/shared/clock.js';
import { Leases } from '#domain/work/leases.js';
import { DiscoverAccounts } from '#use-cases/accounts/discover-accounts.js';
import { ClassifyComment } from '#use-cases/comments/classify-comment.js';
import { HideComment } from '#use-cases/moderation/hide-comment.js';
import { TellOperators } from '#use-cases/notifications/tell-operators.js';
import { DraftReply } from '#use-cases/replies/draft-reply.js';
import { ReconcileReply } from '#use-cases/replies/reconcile-reply.js';
import { SendReply } from '#use-cases/replies/send-reply.js';
import { PerformJob } from '#use-cases/work/perform-job.js';
import { RingDueWork } from '#use-cases/work/ring-due-work.js';
import type { Config } from '#infrastructure/config/config.js';
import { HealthController } from '#infrastructure/health/health.controller.js';
import { InfrastructureModule } from '#infrastructure/infrastructure.module.js';
import { useCase } from '#infrastructure/nest/use-case.js';
import { workingOptions } from '#infrastructure/queue/connection.js';
import { laneProcessor, type DrainableLane } from '#infrastructure/queue/lane-processor.js';
import { jobHandlers } from './job-handlers.js';
import { RunJob } from './run-job.js';
import { Schedules } from './schedules.js';

/** Jobs at once per lane: they wait for vendors, not for us. One alert at a time keeps their order in the chat. */
const concurrency: Readonly<Record<Lane, number>> = { thinking: 10, outbound: 10, alerts: 1 };
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
      controllers: [HealthController],
      providers: [
        useCase(ClassifyComment, Comments, Accounts, MediaLibrary, Platforms, CommentClassifier, Leases, JobQueue),
        useCase(DraftReply, Replies, Comments, Accounts, MediaLibrary, Knowledge, ReplyWriter, JobQueue),
        useCase(SendReply, Replies, Accounts, Platforms, Publishing, Clock, JobQueue),
        useCase(ReconcileReply, Replies, Comments, Accounts, Platforms, Leases, JobQueue),
        useCase(HideComment, Moderations, Accounts, Platforms, Publishing, Leases),
        useCase(TellOperators, Alerts, Notifier),
        useCase(DiscoverAccounts, Platforms, Accounts, Intake),
        useCase(RingDueWork, Leases, JobQueue, Clock),
        useCase(PerformJob, Leases, Clock),
        runJob(logger),
        schedules(logger),
        ...lanesOfThis,
        draining(lanesOfThis),
      ],
    };
  }
}

function runJob(logger: Logger): FactoryProvider<RunJob> {
  return {
    provide: RunJob,
    inject: [PerformJob, ClassifyComment, DraftReply, SendReply, ReconcileReply, HideComment, TellOperators],
    useFactory: (performJob: PerformJob, ...useCases: Parameters<typeof jobHandlers>) =>
      new RunJob(performJob, jobHandlers(...useCases), logger),
  };
}

function laneOf(lane: Lane, config: Config, logger: Logger): FactoryProvider<WorkerHost & DrainableLane> {
  return {
    provide: `lane-${lane}`,
    inject: [RunJob],
    useFactory: (jobs: RunJob) =>
      laneProcessor(lane, workingOptions(config.redisUrl, concurrency[lane]), (request) => jobs.run(request), logger),
  };
}

/** Workers stop before the database does: BullMQ's own closing has no time limit and comes too late. */
class Draining {
  constructor(private readonly lanesToDrain: readonly DrainableLane[]) {}

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.lanesToDrain.map(async (lane) => await lane.drain(drainWithinMs)));
  }
}

function draining(of: readonly FactoryProvider[]): FactoryProvider<Draining> {
  return {
    provide: Draining,
    inject: of.map(({ provide }) => provide),
    useFactory: (...instances: DrainableLane[]) => new Draining(instances),
  };
}

function schedules(logger: Logger): FactoryProvider<Schedules> {
  return {
    provide: Schedules,
    inject: [RingDueWork, DiscoverAccounts],
    useFactory: (ringDueWork: RingDueWork, discoverAccounts: DiscoverAccounts) =>
      new Schedules(
        [
          {
            name: 'sweep',
            everyMs: 3_000, // a lost bell costs this much at most
            run: async () => {
              const rung = await ringDueWork.execute();
              if (rung > 0) logger.debug({ rung }, 'The sweep rang for work that was due.');
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
        ],
        logger,
      ),
  };
}
