import { AnswerSettingsHistory } from '../answers/settings-history.js';
import type { AnswerSettings } from '../answers/settings.js';
import { fittingProducts } from '../catalogue/fit.js';
import { Catalogue } from '../catalogue/products.js';
import type { ThreadEntry } from '../comments/comment.js';
import type { CommentContext } from '../comments/comment-classifier.js';
import type { Passage } from '../knowledge/document.js';
import { inTurn } from '../knowledge/in-turn.js';
import { Knowledge } from '../knowledge/knowledge.js';
import { withoutOrders } from '../knowledge/planted-orders.js';
import type { BudgetOwner, Micros } from '../spending/budget.js';
import { checkReply, mentions, type GateFinding } from './gate/check-reply.js';
import { plain } from './gate/readings.js';
import type { Draft } from './replies.js';
import { replyLimits } from './reply-rules.js';
import { ReplyWriter, type Writing, type WritingContext } from './reply-writer.js';

/** Passages shown to the model: more of them blur the answer and cost tokens. */
export const passagesPerQuestion = 6;

/** What came of looking for an answer. Nothing of it is stored or published. `spent`: what it cost, when it is known. */
export type Answer =
  /** The question touches what the account does not speak about: nothing was looked for, and nobody asked. */
  | { readonly kind: 'forbidden-topic'; readonly topic: string }
  /** Nothing in the account's knowledge has to do with the question: nobody was asked. */
  | { readonly kind: 'no-knowledge'; readonly fallback?: Draft | undefined }
  | { readonly kind: 'over-budget'; readonly whose: BudgetOwner; readonly passages: readonly Passage[] }
  /** The passages do not answer the question. */
  | {
      readonly kind: 'abstained';
      readonly passages: readonly Passage[];
      readonly fallback?: Draft | undefined;
      readonly spent?: Micros | undefined;
    }
  | {
      readonly kind: 'refused' | 'unreadable';
      readonly detail: string;
      readonly passages: readonly Passage[];
      readonly spent?: Micros | undefined;
    }
  | WrittenAnswer;

export interface WrittenAnswer {
  readonly kind: 'written';
  readonly draft: Draft;
  /** What was found, best first. */
  readonly passages: readonly Passage[];
  /** Those of them that the draft cites. */
  readonly cited: readonly Passage[];
  /** Why it may not be published; empty when it may. */
  readonly findings: readonly GateFinding[];
  readonly spent?: Micros | undefined;
}

/** Stands where an answer names its prompt: the account's own words. */
const fallbackName = 'fallback';

/** Retrieval first, answer second, gate third: the one way to an answer, whoever asks for it. */
export class Answering {
  constructor(
    private readonly knowledge: Knowledge,
    private readonly writer: ReplyWriter,
    private readonly settings: AnswerSettingsHistory,
    private readonly catalogue: Catalogue,
  ) {}

  /** @throws AppError as Knowledge.search and ReplyWriter.write */
  async answer(context: CommentContext & Pick<WritingContext, 'hint'>): Promise<Answer> {
    const { comment, thread } = context;
    const { settings } = await this.settings.current(comment.accountId);
    const topic = settings.forbiddenTopics.find((each) => mentions(plain(comment.text), each));
    if (topic !== undefined) return { kind: 'forbidden-topic', topic };
    const question = questionOf(comment.text, thread);
    // A short follow-up drowns in what was asked before: what its own words find comes first, in turn with the whole.
    const found = await Promise.all(
      [...new Set([comment.text, question])].map(
        async (asked) => await this.knowledge.search(comment.accountId, asked, passagesPerQuestion),
      ),
    );
    const passages = usable(inTurn(found, passagesPerQuestion));
    if (passages.length === 0) return { kind: 'no-knowledge', fallback: fallbackFor(context, settings) };
    // As soon as there is a catalogue, a price stands in it or nowhere.
    const priced = await this.catalogue.exists(comment.accountId);
    const catalogue = priced ? fittingProducts(question, passages) : undefined;
    const writing = await this.writer.write({ ...context, passages, catalogue, settings });
    if (writing.kind === 'abstained') return { ...writing, passages, fallback: fallbackFor(context, settings) };
    if (writing.kind !== 'written') return { ...writing, passages };
    return judged(context, writing, passages, { settings, priced });
  }
}

/** What decides whether an answer may go out, besides its sources. */
interface Decided {
  readonly settings: AnswerSettings;
  readonly priced: boolean;
}

function judged(
  { comment }: CommentContext,
  { draft, instructions, canary, spent }: Extract<Writing, { kind: 'written' }>,
  passages: readonly Passage[],
  { settings, priced }: Decided,
): WrittenAnswer {
  const cited = passages.filter(({ id }) => draft.sources.includes(id));
  const text = settings.emoji === 'never' ? withoutEmoji(draft.text) : draft.text;
  const findings = checkReply({
    text,
    sources: cited.map(sourceText),
    priceSources: priced ? cited.filter(({ productId }) => productId !== undefined).map(sourceText) : undefined,
    question: comment.text,
    instructions,
    canary,
    privately: settings.voice === '' ? [] : [settings.voice],
    forbiddenTopics: settings.forbiddenTopics,
    languages: settings.languages,
  });
  return { kind: 'written', draft: { ...draft, text: signed(text, settings) }, passages, cited, findings, spent };
}

function sourceText({ title, heading, text }: Passage): string {
  return [title, heading, text].join('\n');
}

/** Without what speaks to the model; a passage of which nothing is left is none. */
function usable(passages: readonly Passage[]): readonly Passage[] {
  return passages
    .map((passage) => ({ ...passage, title: withoutOrders(passage.title), text: withoutOrders(passage.text) }))
    .filter(({ text }) => text !== '');
}

function withoutEmoji(text: string): string {
  return text
    .replaceAll(/\p{Extended_Pictographic}|[\p{Emoji_Modifier}\u{1F1E6}-\u{1F1FF}]|\u20E3|\uFE0F|\u200D/gu, '')
    .replaceAll(/ {2,}/gu, ' ')
    .trim();
}

/** What would be too long with its signature goes without. */
function signed(text: string, { signature }: AnswerSettings): string {
  const whole = `${text}\n${signature}`;
  return signature === '' || [...whole].length > replyLimits.hard ? text : whole;
}

/**
 * The account's own words where its knowledge has none: to a question, in the question's language, and once per thread.
 */
function fallbackFor({ comment, thread }: CommentContext, settings: AnswerSettings): Draft | undefined {
  const { fallback, languages } = settings;
  if (fallback === '' || comment.verdict?.class !== 'question') return undefined;
  const text = signed(fallback, settings);
  if (thread.some((entry) => entry.by === 'brand' && entry.text === text)) return undefined;
  const findings = checkReply({
    text: fallback,
    sources: [fallback],
    question: comment.text,
    instructions: '',
    languages,
  });
  if (findings.length > 0) return undefined;
  return { text, sources: [], model: fallbackName, promptVersion: fallbackName };
}

/** "And shipping?" is found through what the customer asked before. */
function questionOf(text: string, thread: readonly ThreadEntry[]): string {
  const before = thread.findLast((entry) => entry.by === 'customer');
  return before ? `${text}\n${before.text}` : text;
}
