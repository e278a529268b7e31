import type { CommentContext } from '#domain/comments/comment-classifier.js';
import type { LocalRuleChoices } from '#domain/comments/local-rule-choices.js';
import { decideLocally } from '#domain/comments/local-rules.js';
import type { ModelPrice } from '#domain/evaluation/model-cost.js';
import type { TrialClassifier, TrialVerdict } from '#domain/evaluation/trial-classifier.js';
import type { Prompt } from '#domain/prompts/prompt.js';
import type { OpenAiCommentClassifier } from './comment-classifier.js';

/** Local rules first, as in production; then the one model that is meant: none steps in for it, nothing is looked up. */
export class OpenAiTrialClassifier implements TrialClassifier {
  constructor(
    private readonly classifier: Pick<OpenAiCommentClassifier, 'ask'>,
    private readonly rules: Pick<LocalRuleChoices, 'off'>,
    readonly usualModel: string,
    readonly priceOf: (model: string) => ModelPrice | undefined,
  ) {}

  async classify(
    context: CommentContext,
    { prompt, model }: { readonly prompt: Prompt; readonly model: string },
  ): Promise<TrialVerdict> {
    const { comment, brand } = context;
    const off = await this.rules.off(comment.accountId);
    const local = decideLocally({ text: comment.text, brand: brand.username, off });
    if (local) {
      const classification = { kind: 'verdict', verdict: local.verdict, repaired: false, locally: local.rule } as const;
      return { classification, asked: false, tokens: { input: 0, output: 0 } };
    }
    // The account pays; its author has asked for nothing.
    const unnamed = { ...context, comment: { ...comment, authorId: undefined }, prompt };
    const { classification, usage } = await this.classifier.ask(unnamed, model);
    return { classification, asked: true, tokens: { input: usage.inputTokens, output: usage.outputTokens } };
  }
}
