import type { Classification } from '#domain/comments/comment-classifier.js';
import type { CommentClass } from '#domain/comments/verdict.js';
import type { ModelPrice } from '#domain/evaluation/model-cost.js';
import type { TrialClassifier, TrialVerdict } from '#domain/evaluation/trial-classifier.js';
import type { BacktestWish } from '#use-cases/evaluation/request-backtest.js';

/** A model that says what a test wants it to say, and remembers whom it was asked about, by which prompt and as which model. */
export class ScriptedModel implements TrialClassifier {
  readonly usualModel = 'm';
  readonly asked: string[] = [];
  price: ModelPrice | undefined = { input: 1, output: 1 };
  says: (text: string, prompt: number) => CommentClass | 'refused' | 'over-budget' = () => 'question';
  before: (id: string) => Promise<void> | void = () => undefined;

  async classify(...[{ comment }, { prompt, model }]: Parameters<TrialClassifier['classify']>): Promise<TrialVerdict> {
    this.asked.push(`${comment.id} ${prompt.version} ${model}`);
    await this.before(comment.id);
    const classification = classificationOf(this.says(comment.text, prompt.version), model);
    return { classification, asked: true, tokens: { input: 1_000, output: 100 } };
  }

  readonly priceOf = (): ModelPrice | undefined => this.price;
}

function classificationOf(name: CommentClass | 'refused' | 'over-budget', model: string): Classification {
  if (name === 'refused') return { kind: 'refused', detail: 'No.' };
  if (name === 'over-budget') return { kind: 'over-budget', whose: 'account' };
  const verdict = { class: name, confidence: 90, reason: '', language: 'en', model, promptVersion: 'p' };
  return { kind: 'verdict', verdict, repaired: false };
}

/** Nothing said: to be changed by what is tried. */
export const wish: BacktestWish = {
  accountId: undefined,
  over: 'past',
  from: undefined,
  to: undefined,
  limit: 10_000,
  policy: {},
  understanding: undefined,
  against: undefined,
  maxCost: undefined,
};
