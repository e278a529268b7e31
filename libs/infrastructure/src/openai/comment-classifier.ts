import { z } from 'zod';
import type { Classification, CommentClassifier, CommentContext } from '#domain/comments/comment-classifier.js';
import { classOfLabel, commentClasses, commentClassNames } from '#domain/comments/verdict.js';
import { instructionsFrom, promptName, type Prompt } from '#domain/prompts/prompt.js';
import { cutText, storableText } from '#domain/shared/text.js';
import type { Usage } from './model-request.js';
import type { OpenAiApi } from './openai-api.js';
import { contextData, safetyIdentifier, spenderOf } from './prompt-data.js';
import { classifyComment1 } from './prompts/classify-comment/1.js';
import { outputFormat, structuredCall, type StructuredResult } from './structured-call.js';

const verdictFormat = outputFormat(
  'comment_verdict',
  z.object({
    class: z.enum(commentClassNames.map((name) => commentClasses[name].label)),
    confidence: z.int().min(0).max(100),
    reason: z.string(),
    language: z.string(),
  }),
);

// The verdict takes about 80 tokens; the rest is room for thinking.
const maxOutputTokens = 1_200;
const reasonLimit = 500;

/** A classification, and the tokens of all calls that were made for it. */
interface Asked {
  readonly classification: Classification;
  readonly usage: Usage;
}

export class OpenAiCommentClassifier implements CommentClassifier {
  /**
   * @param model the first of `settings.classificationModels`
   * @param fallbacks the others
   */
  constructor(
    private readonly api: OpenAiApi,
    private readonly model: string,
    private readonly fallbacks: readonly string[] = [],
  ) {}

  async classify(context: CommentContext): Promise<Classification> {
    return (await this.ask(context, this.model, this.fallbacks)).classification;
  }

  /** The same of any model, and what it took. @throws AppError as `classify` */
  async ask(context: CommentContext, model: string, fallbacks: readonly string[] = []): Promise<Asked> {
    const { prompt = classifyComment1, brand } = context;
    const result = await structuredCall(this.api, {
      purpose: 'classification',
      model,
      fallbacks,
      promptVersion: promptName(prompt),
      spender: spenderOf(context.comment),
      instructions: instructionsFrom(prompt, { brand: brand.username }),
      content: JSON.stringify(contextData(context)),
      format: verdictFormat,
      maxOutputTokens,
      safetyIdentifier: safetyIdentifier(context.comment.authorId),
    });
    return { classification: classificationFrom(result, prompt), usage: result.usage };
  }
}

type Output = StructuredResult<z.output<typeof verdictFormat.schema>>;

function classificationFrom(result: Output, prompt: Prompt): Classification {
  if (result.kind === 'over-budget') return { kind: result.kind, whose: result.detail };
  if (result.kind === 'refused') return { kind: 'refused', detail: result.detail };
  if (result.kind !== 'parsed') return { kind: 'unreadable', detail: `${result.kind}: ${result.detail}` };
  const { value } = result;
  const commentClass = classOfLabel(value.class);
  if (commentClass === undefined) return { kind: 'unreadable', detail: `unknown class ${value.class}` };
  return {
    kind: 'verdict',
    repaired: result.repaired,
    verdict: {
      class: commentClass,
      confidence: value.confidence,
      reason: cutText(storableText(value.reason), reasonLimit),
      language: languageOf(value.language),
      model: result.model,
      promptVersion: promptName(prompt),
    },
  };
}

/** 'en-US' and 'EN' are English; anything that is no language code is undetermined. */
function languageOf(code: string): string {
  return /^([a-z]{2})(?:[-_]|$)/.exec(code.trim().toLowerCase())?.[1] ?? 'und';
}
