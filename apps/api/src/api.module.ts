import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import type { Logger } from 'pino';
import { Accounts } from '#domain/accounts/accounts.js';
import { Intake } from '#domain/comments/intake.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { Documents } from '#domain/knowledge/knowledge.js';
import { Platforms } from '#domain/platforms/platform.js';
import { ReceiveDelivery } from '#use-cases/comments/receive-delivery.js';
import { PutDocument } from '#use-cases/knowledge/put-document.js';
import type { Config } from '#infrastructure/config/config.js';
import { HealthController } from '#infrastructure/health/health.controller.js';
import { InfrastructureModule, REDIS } from '#infrastructure/infrastructure.module.js';
import { useCase } from '#infrastructure/nest/use-case.js';
import type { Redis } from '#infrastructure/redis/redis.js';
import { RedisThrottlerStorage } from '#infrastructure/redis/throttler-storage.js';
import { CommentsController } from './comments/comments.controller.js';
import { CoverageController } from './coverage/coverage.controller.js';
import { ADMIN_ACCESS, type AdminAccess } from './http/admin.guard.js';
import { ProblemFilter } from './http/problem.filter.js';
import { KnowledgeController } from './knowledge/knowledge.controller.js';
import { WebhookController } from './webhooks/webhook.controller.js';

/** Requests per address and ten seconds: far above what a person or the demo does, far below what hurts. */
const adminRequests = { limit: 1_000, ttl: 10_000 };

@Module({})
export class ApiModule {
  static forProcess(config: Config, logger: Logger): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        InfrastructureModule.forProcess(config, logger),
        ThrottlerModule.forRootAsync({
          inject: [REDIS],
          useFactory: (redis: Redis) => ({ throttlers: [adminRequests], storage: new RedisThrottlerStorage(redis) }),
        }),
      ],
      controllers: [WebhookController, CommentsController, CoverageController, KnowledgeController, HealthController],
      providers: [
        useCase(ReceiveDelivery, Platforms, Intake, JobQueue),
        useCase(PutDocument, Accounts, Documents),
        {
          provide: ADMIN_ACCESS,
          useValue: { token: config.adminToken, openHere: config.instagram.playedHere } satisfies AdminAccess,
        },
        { provide: APP_GUARD, useClass: ThrottlerGuard },
        { provide: APP_FILTER, useFactory: () => new ProblemFilter(logger) },
      ],
    };
  }
}
