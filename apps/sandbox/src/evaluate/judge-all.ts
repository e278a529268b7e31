import { decideLocally } from '#domain/comments/local-rules.js';
import type { Tokens } from '#domain/evaluation/model-cost.js';
import { tallyOf, type Judged, type Tally } from '#domain/evaluation/tally.js';
import type { Prompt } from '#domain/prompts/prompt.js';
import type { OpenAiCommentClassifier } from '#infrastructure/openai/comment-classifier.js';
import type { Case } from './cases.js';

export interface Judging {
  readonly prompt: Prompt;
  readonly model: string;
  readonly tally: Tally;
  readonly asked: number;
  readonly tokens: Tokens;
  /** What was sorted wrongly, for people to look at. */
  readonly wrong: readonly Wrong[];
}

export interface Wrong extends Judged {
  readonly key: string;
}

const askedAtOnce = 8;

interface One {
  readonly judged: Wrong;
  readonly asked: boolean;
  readonly tokens: Tokens;
}

/**
 * Local rules first, then the model, as in production.
 * @param progress hears how many are done
 * @throws AppError as CommentClassifier.classify
 */
export async function judgeAll(
  cases: readonly Case[],
  prompt: Prompt,
  model: string,
  classifier: Pick<OpenAiCommentClassifier, 'ask'>,
  progress: (done: number) => void,
): Promise<Judging> {
  const results: One[] = [];
  for (let from = 0; from < cases.length; from += askedAtOnce) {
    const batch = cases.slice(from, from + askedAtOnce);
    results.push(...(await Promise.all(batch.map(async (each) => await judge(each, prompt, model, classifier)))));
    progress(results.length);
  }
  const sum = (of: keyof Tokens): number => results.reduce((total, { tokens }) => total + tokens[of], 0);
  return {
    prompt,
    model,
    tally: tallyOf(results.map(({ judged }) => judged)),
    asked: results.filter(({ asked }) => asked).length,
    tokens: { input: sum('input'), output: sum('output') },
    wrong: results.map(({ judged }) => judged).filter(({ right, said }) => said?.class !== right),
  };
}

async function judge(
  { key, right, context }: Case,
  prompt: Prompt,
  model: string,
  classifier: Pick<OpenAiCommentClassifier, 'ask'>,
): Promise<One> {
  const local = decideLocally({ text: context.comment.text, brand: context.brand.username });
  if (local) return { judged: { key, right, said: local.verdict }, asked: false, tokens: { input: 0, output: 0 } };
  const { classification, usage } = await classifier.ask({ ...context, prompt }, model);
  const said = classification.kind === 'verdict' ? classification.verdict : undefined;
  return {
    judged: { key, right, said },
    asked: true,
    tokens: { input: usage.inputTokens, output: usage.outputTokens },
  };
}
