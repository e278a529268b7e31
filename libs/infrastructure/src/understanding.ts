import { setTimeout as sleep } from 'node:timers/promises';
import type { FactoryProvider } from '@nestjs/common';
import type { Logger } from 'pino';
import { Accounts } from '#domain/accounts/accounts.js';
import { CommentClassifier } from '#domain/comments/comment-classifier.js';
import { LocalRuleChoices } from '#domain/comments/local-rule-choices.js';
import { MediaLibrary } from '#domain/media/media-library.js';
import { PictureDescriber } from '#domain/media/picture-describer.js';
import { PostSight } from '#domain/media/post-sight.js';
import { Understandings } from '#domain/media/understandings.js';
import { Platforms } from '#domain/platforms/platform.js';
import { promptName } from '#domain/prompts/prompt.js';
import { LocalRulesFirst } from './cache/local-rules-first.js';
import { OncePerText } from './cache/once-per-text.js';
import { WithPostSight } from './cache/with-post-sight.js';
import { OpenAiCommentClassifier } from './openai/comment-classifier.js';
import { OpenAiApi } from './openai/openai-api.js';
import { OpenAiPictureDescriber } from './openai/picture-describer.js';
import { PromptChooser, WithChosenPrompt } from './openai/prompt-chooser.js';
import { Database } from './postgres/database.js';
import { PostgresStoredVerdicts } from './postgres/stored-verdicts.js';
import { Metrics } from './telemetry/metrics.js';

/** What looks at pictures. @param models `openai.visionModels` of the configuration: the first does the work, the others step in */
export function seeing([model = '', ...others]: readonly string[], logger: Logger): readonly FactoryProvider[] {
  return [
    {
      provide: PictureDescriber,
      inject: [OpenAiApi],
      useFactory: (openai: OpenAiApi) => new OpenAiPictureDescriber(openai, model, others),
    },
    {
      provide: PostSight,
      inject: [Understandings, MediaLibrary, Accounts, Platforms, PictureDescriber],
      useFactory: (
        understandings: Understandings,
        library: MediaLibrary,
        accounts: Accounts,
        platforms: Platforms,
        describer: PictureDescriber,
      ) =>
        new PostSight(understandings, library, accounts, platforms, describer, {
          untold: (error) =>
            logger.warn({ err: error }, 'What can be seen in a post could not be noted; it is done again.'),
          pause: async (ms, signal) => {
            await sleep(ms, undefined, { ref: false, ...(signal && { signal }) }).catch(() => undefined); // woken earlier
          },
          elapsedMs: () => performance.now(),
        }),
    },
  ];
}

/** What understands comments: each step decides what it can, and the model the rest. The first model does the work. */
export function classifying([
  classificationModel = '',
  ...otherClassifiers
]: readonly string[]): FactoryProvider<CommentClassifier> {
  return {
    provide: CommentClassifier,
    inject: [OpenAiApi, Database, PromptChooser, LocalRuleChoices, Metrics, PostSight],
    useFactory: (
      openai: OpenAiApi,
      database: Database,
      chooser: PromptChooser,
      rules: LocalRuleChoices,
      metrics: Metrics,
      sight: PostSight,
    ) => {
      const once = new OncePerText(
        new OpenAiCommentClassifier(openai, classificationModel, otherClassifiers),
        new PostgresStoredVerdicts(database),
        ({ prompt }) => `${classificationModel} ${prompt ? promptName(prompt) : ''}`,
      );
      const seen = new WithPostSight(sight, new WithChosenPrompt(chooser, once));
      return new LocalRulesFirst(rules, seen, (rule) => metrics.decidedLocally(rule));
    },
  };
}
