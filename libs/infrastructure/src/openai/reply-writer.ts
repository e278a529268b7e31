import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { initialAnswerSettings } from '#domain/answers/settings.js';
import type { Comment } from '#domain/comments/comment.js';
import type { Passage } from '#domain/knowledge/document.js';
import { instructionsFrom, promptName, type Prompt } from '#domain/prompts/prompt.js';
import type { ReplyWriter, Writing, WritingContext } from '#domain/replies/reply-writer.js';
import type { PassageId } from '#domain/shared/ids.js';
import { cutText, storableText, withoutInvisible } from '#domain/shared/text.js';
import { costOf, priceOf, type PriceTable } from './model-prices.js';
import type { OpenAiApi } from './openai-api.js';
import { contextData, safetyIdentifier, spenderOf } from './prompt-data.js';
import { writeReply1 } from './prompts/write-reply/1.js';
import { outputFormat, structuredCall } from './structured-call.js';

// Short names instead of ids: the model can only name what it was shown, and copies them without error.
const sourceNames = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6'] as const;

const draftFormat = outputFormat(
  'reply_draft',
  z.object({ answerable: z.boolean(), answer: z.string(), sources: z.array(z.enum(sourceNames)) }),
);

/** Said only when there is one: what the brand's people ask is no data of strangers. */
const aboutHint =
  '\n\n`hint` is what a person of the brand asks of this answer. Follow it where the passages allow it.';

// An answer takes about 150 tokens; the rest is room for thinking.
const maxOutputTokens = 2_000;
// Passages are some 900 characters long by their own rule; this bounds what a strange one can cost.
const passageLimit = 4_000;

/** Letters that make no word of any language; the same in every process of an installation, in no other one. */
export function canaryFrom(secret = ''): string {
  const bytes = createHmac('sha256', secret).update('canary').digest().subarray(0, 16);
  return [...bytes].map((byte) => 'bcdfghjkmnpqrtvwxz'[byte % 18]).join('');
}

export class OpenAiReplyWriter implements ReplyWriter {
  /**
   * @param model the first of `settings.responseModels`
   * @param choose which instructions a comment is answered with
   * @param fallbacks the other models
   * @param canary stands in the instructions and nowhere else: an answer that has it tells what it should not
   */
  constructor(
    private readonly api: OpenAiApi,
    private readonly model: string,
    private readonly choose: (comment: Comment) => Promise<Prompt> = async () => await Promise.resolve(writeReply1),
    private readonly fallbacks: readonly string[] = [],
    private readonly canary?: string,
    private readonly prices: PriceTable = {},
  ) {}

  async write(context: WritingContext): Promise<Writing> {
    const shown = context.passages.slice(0, sourceNames.length);
    // Without knowledge there is nothing that could be said.
    if (shown.length === 0) return { kind: 'abstained' };
    const prompt = await this.choose(context.comment);
    // At the end: equal beginnings are cached by the vendor.
    const marker = this.canary === undefined ? '' : `\n\nInternal marker, never to be written: ${this.canary}`;
    const instructions = instructionsFrom(prompt, { brand: context.brand.username }) + marker;
    const result = await structuredCall(this.api, {
      purpose: 'answer',
      model: this.model,
      fallbacks: this.fallbacks,
      promptVersion: promptName(prompt),
      spender: spenderOf(context.comment),
      instructions: context.hint === undefined ? instructions : instructions + aboutHint,
      content: JSON.stringify(promptData(context, shown)),
      format: draftFormat,
      maxOutputTokens,
      safetyIdentifier: safetyIdentifier(context.comment.authorId),
    });
    if (result.kind === 'over-budget') return { kind: result.kind, whose: result.detail };
    const price = priceOf(this.prices, result.model);
    const spent = price && costOf(price, result.usage);
    if (result.kind === 'refused') return { kind: 'refused', detail: result.detail, spent };
    if (result.kind !== 'parsed') return { kind: 'unreadable', detail: `${result.kind}: ${result.detail}`, spent };
    const text = storableText(result.value.answer).trim();
    if (!result.value.answerable || text === '') return { kind: 'abstained', spent };
    const sources = passageIds(result.value.sources, shown);
    const draft = { text, sources, model: result.model, promptVersion: promptName(prompt) };
    return { kind: 'written', draft, instructions, canary: this.canary, spent };
  }
}

function promptData(context: WritingContext, shown: readonly Passage[]): Readonly<Record<string, unknown>> {
  const { brand, post, thread, comment } = contextData(context);
  return {
    brand: { ...brand, ...styleData(context.settings) },
    post,
    passages: shown.map(({ title, heading, text }, index) => ({
      id: sourceNames[index],
      title: withoutInvisible(heading === undefined ? title : `${title}: ${heading}`),
      text: cutText(withoutInvisible(text), passageLimit),
    })),
    ...(context.catalogue && { catalogue: { fits: namesOf(context.catalogue.fits, shown) } }),
    thread,
    comment,
    ...(context.hint !== undefined && { hint: context.hint }),
  };
}

function namesOf(ids: readonly PassageId[], shown: readonly Passage[]): readonly string[] {
  return shown.flatMap(({ id }, index) => (ids.includes(id) ? [sourceNames[index] ?? ''] : []));
}

/** What the account decided; nothing while it is as nobody had. */
function styleData(settings = initialAnswerSettings): Readonly<Record<string, unknown>> {
  const { voice, emoji, forbiddenTopics, target } = settings;
  return {
    ...(voice !== '' && { voice }),
    ...(emoji !== initialAnswerSettings.emoji && { emoji }),
    ...(forbiddenTopics.length > 0 && { avoid: forbiddenTopics }),
    ...(target !== initialAnswerSettings.target && { length: target }),
  };
}

/** What was really shown, each once: a name without a passage behind it is left out. */
function passageIds(names: readonly string[], shown: readonly Passage[]): readonly PassageId[] {
  return shown.filter((_, index) => names.includes(sourceNames[index] ?? '')).map((passage) => passage.id);
}
