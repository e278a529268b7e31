import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import type { Logger } from 'pino';
import { Accounts } from '#domain/accounts/accounts.js';
import { AnswerSettingsHistory } from '#domain/answers/settings-history.js';
import { Imports } from '#domain/catalogue/imports.js';
import { Catalogue, Products } from '#domain/catalogue/products.js';
import { Comments } from '#domain/comments/comments.js';
import { Corrections } from '#domain/comments/corrections.js';
import { Intake } from '#domain/comments/intake.js';
import { Backtests } from '#domain/evaluation/backtests.js';
import { Samples } from '#domain/evaluation/samples.js';
import { TrialClassifier } from '#domain/evaluation/trial-classifier.js';
import { IncomingPace } from '#domain/jobs/incoming-pace.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { FileOwners } from '#domain/knowledge/file-owners.js';
import { FileScanner } from '#domain/knowledge/file-scanner.js';
import { FileStore } from '#domain/knowledge/file-store.js';
import { Documents, Knowledge } from '#domain/knowledge/knowledge.js';
import { Moderations } from '#domain/moderation/moderations.js';
import { Reviews } from '#domain/moderation/reviews.js';
import { Platforms } from '#domain/platforms/platform.js';
import { Suggestions } from '#domain/policies/suggestions.js';
import { Takeovers } from '#domain/policies/takeovers.js';
import { PrivateReplies } from '#domain/replies/private-replies.js';
import { OperatorReplies } from '#domain/replies/operator-replies.js';
import { Patterns } from '#domain/policies/patterns.js';
import { Policies } from '#domain/policies/policies.js';
import { PromptChoices } from '#domain/prompts/prompt-choices.js';
import { PromptLibrary } from '#domain/prompts/prompt-library.js';
import { MediaLibrary } from '#domain/media/media-library.js';
import { Answering } from '#domain/replies/answering.js';
import { ReplyWriter } from '#domain/replies/reply-writer.js';
import { Clock } from '#domain/shared/clock.js';
import { Parked } from '#domain/work/parked.js';
import { ReceiveImport } from '#use-cases/catalogue/receive-import.js';
import { WriteProduct } from '#use-cases/catalogue/write-product.js';
import { CorrectVerdict } from '#use-cases/comments/correct-verdict.js';
import { ReceiveDelivery } from '#use-cases/comments/receive-delivery.js';
import { RequestBacktest } from '#use-cases/evaluation/request-backtest.js';
import { AddFile } from '#use-cases/knowledge/add-file.js';
import { PutDocument } from '#use-cases/knowledge/put-document.js';
import { RemoveDocument } from '#use-cases/knowledge/remove-document.js';
import { DecideSuggestion } from '#use-cases/moderation/decide-suggestion.js';
import { RequestModeration } from '#use-cases/moderation/request-moderation.js';
import { ReviewHide } from '#use-cases/moderation/review-hide.js';
import { AskQuestion } from '#use-cases/answers/ask-question.js';
import { ChangeAnswerSettings } from '#use-cases/answers/change-answer-settings.js';
import { ChangePolicy } from '#use-cases/policies/change-policy.js';
import { DecideReply } from '#use-cases/replies/decide-reply.js';
import { WritePrivateReply } from '#use-cases/replies/write-private-reply.js';
import { ChoosePrompt } from '#use-cases/prompts/choose-prompt.js';
import { RetryParked } from '#use-cases/work/retry-parked.js';
import type { Config } from '#infrastructure/config/config.js';
import {
  HealthController,
  NEEDED_TO_BE_READY,
  type NeededDependency,
} from '#infrastructure/health/health.controller.js';
import { InfrastructureModule, REDIS } from '#infrastructure/infrastructure.module.js';
import { useCase } from '#infrastructure/nest/use-case.js';
import type { Redis } from '#infrastructure/redis/redis.js';
import { RedisThrottlerStorage } from '#infrastructure/redis/throttler-storage.js';
import { MetricsController } from '#infrastructure/telemetry/metrics.controller.js';
import { LocalRulesController } from './accounts/local-rules.controller.js';
import { ImportsController } from './catalogue/imports.controller.js';
import { ProgressStreams } from './http/progress-streams.js';
import { ProductsController } from './catalogue/products.controller.js';
import { AnswersController } from './answers/answers.controller.js';
import { ActionsController } from './comments/actions.controller.js';
import { CorrectionsController } from './comments/corrections.controller.js';
import { CommentsController } from './comments/comments.controller.js';
import { ReasonsController } from './comments/reasons.controller.js';
import { BacktestsController } from './evaluation/backtests.controller.js';
import { ADMIN_ACCESS, type AdminAccess } from './http/admin.guard.js';
import { ProblemFilter } from './http/problem.filter.js';
import { FilesController } from './knowledge/files.controller.js';
import { IndexingController } from './knowledge/indexing.controller.js';
import { KnowledgeController } from './knowledge/knowledge.controller.js';
import { SearchController } from './knowledge/search.controller.js';
import { QuestionsController } from './knowledge/questions.controller.js';
import { ReviewsController } from './moderation/reviews.controller.js';
import { CoverageController } from './operations/coverage.controller.js';
import { IncidentsController } from './operations/incidents.controller.js';
import { ParkedController } from './operations/parked.controller.js';
import { PausesController } from './operations/pauses.controller.js';
import { PromptsController } from './prompts/prompts.controller.js';
import { PostsController } from './posts/posts.controller.js';
import { BudgetsController } from './spending/budgets.controller.js';
import { UsageController } from './spending/usage.controller.js';
import { PoliciesController } from './policies/policies.controller.js';
import { SuggestionsController } from './policies/suggestions.controller.js';
import { TakeoversController } from './policies/takeovers.controller.js';
import { RepliesController } from './replies/replies.controller.js';
import { WebhookController } from './webhooks/webhook.controller.js';

/**
 * Not Redis: deliveries are stored without it and the sweep rings for them later. An api that took itself out of service
 * with Redis would refuse comments for nothing, in all its replicas at once.
 */
const neededByApi: readonly NeededDependency[] = ['database'];
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
      controllers: [
        WebhookController,
        LocalRulesController,
        PostsController,
        CommentsController,
        ActionsController,
        RepliesController,
        CorrectionsController,
        ReasonsController,
        ReviewsController,
        KnowledgeController,
        SearchController,
        FilesController,
        ImportsController,
        IndexingController,
        QuestionsController,
        AnswersController,
        ProductsController,
        PromptsController,
        BacktestsController,
        PausesController,
        PoliciesController,
        TakeoversController,
        SuggestionsController,
        ParkedController,
        IncidentsController,
        CoverageController,
        BudgetsController,
        UsageController,
        HealthController,
        MetricsController,
      ],
      providers: [
        { provide: ProgressStreams, useFactory: () => new ProgressStreams() },
        useCase(IncomingPace, JobQueue, Clock),
        useCase(ReceiveDelivery, Platforms, Intake, JobQueue, IncomingPace),
        useCase(CorrectVerdict, Comments, Corrections),
        useCase(PutDocument, Accounts, Documents),
        useCase(AddFile, Accounts, FileStore, FileScanner, FileOwners, Documents),
        useCase(RemoveDocument, Documents, FileStore),
        useCase(WriteProduct, Accounts, Products),
        useCase(ReceiveImport, Accounts, FileStore, FileScanner, Imports),
        useCase(Answering, Knowledge, ReplyWriter, AnswerSettingsHistory, Catalogue),
        useCase(AskQuestion, Accounts, MediaLibrary, Answering, Clock),
        useCase(ChangeAnswerSettings, Accounts, AnswerSettingsHistory),
        useCase(RequestModeration, Comments, Moderations, Takeovers, JobQueue),
        useCase(ReviewHide, Reviews, Moderations, JobQueue),
        useCase(DecideReply, Comments, Accounts, Platforms, Knowledge, OperatorReplies, Takeovers, JobQueue),
        useCase(WritePrivateReply, Comments, Accounts, Platforms, PrivateReplies, Takeovers, Clock, JobQueue),
        useCase(
          RequestBacktest,
          Accounts,
          Backtests,
          Samples,
          Policies,
          Patterns,
          PromptLibrary,
          PromptChoices,
          TrialClassifier,
          Clock,
        ),
        useCase(ChoosePrompt, PromptLibrary, PromptChoices, Accounts),
        useCase(ChangePolicy, Accounts, Policies, Patterns),
        useCase(DecideSuggestion, Suggestions, JobQueue),
        useCase(RetryParked, Parked, JobQueue),
        { provide: NEEDED_TO_BE_READY, useValue: neededByApi },
        {
          provide: ADMIN_ACCESS,
          useValue: { token: config.adminToken, openHere: config.instagram.playedHere } satisfies AdminAccess,
        },
        { provide: APP_GUARD, useClass: ThrottlerGuard },
        { provide: ProblemFilter, useFactory: () => new ProblemFilter(logger) },
        { provide: APP_FILTER, useExisting: ProblemFilter },
      ],
    };
  }
}
