import type { FactoryProvider } from '@nestjs/common';
import type { Logger } from 'pino';
import { LocalRuleChoices } from '#domain/comments/local-rule-choices.js';
import { Backtests } from '#domain/evaluation/backtests.js';
import { Samples } from '#domain/evaluation/samples.js';
import { TrialClassifier } from '#domain/evaluation/trial-classifier.js';
import { PromptChoices } from '#domain/prompts/prompt-choices.js';
import { PromptLibrary } from '#domain/prompts/prompt-library.js';
import { CachedPromptChoices } from './cache/cached-prompt-choices.js';
import type { Config } from './config/config.js';
import { OpenAiCommentClassifier } from './openai/comment-classifier.js';
import { priceOf, usualPrices } from './openai/model-prices.js';
import { OpenAiApi } from './openai/openai-api.js';
import { PromptChooser } from './openai/prompt-chooser.js';
import { promptLibrary } from './openai/prompts/library.js';
import { OpenAiTrialClassifier } from './openai/trial-classifier.js';
import { PostgresBacktests } from './postgres/backtests.js';
import { Database } from './postgres/database.js';
import { PostgresPromptChoices } from './postgres/prompt-choices.js';
import { PostgresSamples } from './postgres/samples.js';

/** The part of the list that is about prompts and about trying something before it is switched on. */
export function proving({ openai: { classificationModels, prices } }: Config, logger: Logger): FactoryProvider[] {
  const [usualModel = ''] = classificationModels;
  return [
    { provide: PromptLibrary, useFactory: promptLibrary },
    {
      provide: PromptChoices,
      inject: [Database],
      useFactory: (database: Database) => new CachedPromptChoices(new PostgresPromptChoices(database)),
    },
    {
      provide: PromptChooser,
      inject: [PromptLibrary, PromptChoices],
      useFactory: (library: PromptLibrary, choices: PromptChoices) => new PromptChooser(library, choices, logger),
    },
    {
      provide: TrialClassifier,
      inject: [OpenAiApi, LocalRuleChoices],
      useFactory: (openai: OpenAiApi, rules: LocalRuleChoices) =>
        new OpenAiTrialClassifier(new OpenAiCommentClassifier(openai, usualModel), rules, usualModel, (model) =>
          priceOf({ ...usualPrices, ...prices }, model),
        ),
    },
    { provide: Backtests, inject: [Database], useFactory: (database: Database) => new PostgresBacktests(database) },
    { provide: Samples, inject: [Database], useFactory: (database: Database) => new PostgresSamples(database) },
  ];
}
