import { fittingProducts } from '../catalogue/fit.js';
import { Catalogue } from '../catalogue/products.js';
import type { ThreadEntry } from '../comments/comment.js';
import type { CommentContext } from '../comments/comment-classifier.js';
import type { Passage } from '../knowledge/document.js';
import { Knowledge } from '../knowledge/knowledge.js';
import type { BudgetOwner } from '../spending/budget.js';
import { checkReply, type GateFinding } from './gate/check-reply.js';
import type { Draft } from './replies.js';
import { ReplyWriter, type WritingContext } from './reply-writer.js';

/** Passages shown to the model: more of them blur the answer and cost tokens. */
export const passagesPerQuestion = 6;

/** What came of looking for an answer. Nothing of it is stored or published. */
export type Answer =
  /** Nothing in the account's knowledge has to do with the question: nobody was asked. */
  | { readonly kind: 'no-knowledge' }
  | { readonly kind: 'over-budget'; readonly whose: BudgetOwner; readonly passages: readonly Passage[] }
  /** The passages do not answer the question. */
  | { readonly kind: 'abstained'; readonly passages: readonly Passage[] }
  | { readonly kind: 'refused' | 'unreadable'; readonly detail: string; readonly passages: readonly Passage[] }
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
}

/** Retrieval first, answer second, gate third: the one way to an answer, whoever asks for it. */
export class Answering {
  constructor(
    private readonly knowledge: Knowledge,
    private readonly writer: ReplyWriter,
    private readonly catalogue: Catalogue,
  ) {}

  /** @throws AppError as Knowledge.search and ReplyWriter.write */
  async answer(context: CommentContext & Pick<WritingContext, 'hint'>): Promise<Answer> {
    const { comment, thread } = context;
    const question = questionOf(comment.text, thread);
    const passages = await this.knowledge.search(comment.accountId, question, passagesPerQuestion);
    if (passages.length === 0) return { kind: 'no-knowledge' };
    const priced = await this.catalogue.exists(comment.accountId);
    const catalogue = priced ? fittingProducts(question, passages) : undefined;
    const writing = await this.writer.write({ ...context, passages, catalogue });
    if (writing.kind !== 'written') return { ...writing, passages };
    const { draft, instructions } = writing;
    const cited = passages.filter(({ id }) => draft.sources.includes(id));
    const findings = checkReply({
      text: draft.text,
      sources: cited.map(quoted),
      // As soon as there is a catalogue, a price stands in it or nowhere.
      priceSources: priced ? cited.filter(({ productId }) => productId !== undefined).map(quoted) : undefined,
      question: comment.text,
      instructions,
    });
    return { kind: 'written', draft, passages, cited, findings };
  }
}

function quoted({ title, heading, text }: Passage): string {
  return [title, heading, text].join('\n');
}

/** "And shipping?" is found through what the customer asked before. */
function questionOf(text: string, thread: readonly ThreadEntry[]): string {
  const before = thread.findLast((entry) => entry.by === 'customer');
  return before ? `${text}\n${before.text}` : text;
}
