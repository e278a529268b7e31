import { beforeEach, describe, expect, it } from 'vitest';
import type { Classification, CommentClassifier, CommentContext } from '#domain/comments/comment-classifier.js';
import type { Verdict } from '#domain/comments/verdict.js';
import { AppError } from '#domain/shared/errors.js';
import { CommentId } from '#domain/shared/ids.js';
import { incoming, verdictOf } from '../../../../test/support/rows.js';
import { OncePerText } from './once-per-text.js';

let asked: number;
let stored: Map<string, Verdict>;
let reason: string;
let answer: (() => Classification) | undefined;

const model: CommentClassifier = {
  classify: async () => {
    asked += 1;
    await new Promise((resolve) => setImmediate(resolve));
    return answer?.() ?? { kind: 'verdict', verdict: { ...verdictOf('question'), reason }, repaired: false };
  },
};
/** A process with its own memory; what it stores is seen by all. */
const worker = (madeWith = 'm p@1'): OncePerText =>
  new OncePerText(model, { find: async (likeness) => await Promise.resolve(stored.get(likeness)) }, () => madeWith);
let ids = 0;
function written(text: string, given: Partial<CommentContext> = {}): CommentContext {
  const id = String((ids += 1));
  const state = { stage: 'received', verdict: undefined, hidden: false, outcome: undefined } as const;
  const comment = { ...incoming(id, { text, username: `user.${id}` }), ...state, receivedAt: new Date(0) };
  return { comment, media: undefined, thread: [], brand: { username: 'brand' }, ...given };
}
const store = (decided: Classification): void => {
  if (decided.kind === 'verdict' && decided.verdict.likeness !== undefined)
    stored.set(decided.verdict.likeness, decided.verdict);
};

beforeEach(() => {
  asked = 0;
  stored = new Map();
  reason = 'Asks for the price.';
  answer = undefined;
});

// CL-4, audit 34
describe('equal comments', () => {
  it('that come at once are one call; each but the first says that its verdict is taken over', async () => {
    const once = worker();
    const all = await Promise.all(Array.from({ length: 100 }, async () => await once.classify(written('How much?'))));
    expect(asked).toBe(1);
    expect(all.filter((each) => each.kind === 'verdict' && each.takenOver === true)).toHaveLength(99);
    expect(all.filter((each) => each.kind === 'verdict' && each.verdict.likeness !== undefined)).toHaveLength(1);
  });

  it('that come later find the verdict, also in another process', async () => {
    store(await worker().classify(written('How much?')));
    await expect(worker().classify(written('how much? '))).resolves.toMatchObject({
      takenOver: true,
      verdict: { class: 'question', reason },
    });
    expect(asked).toBe(1);
  });

  it('are asked about anew with another model or prompt', async () => {
    store(await worker().classify(written('How much?')));
    await worker('m p@2').classify(written('How much?'));
    expect(asked).toBe(2);
  });

  it('in threads are asked about one by one', async () => {
    const once = worker();
    const parentId = CommentId.parse('900');
    const inThread = (): CommentContext => {
      const context = written('And you?');
      return { ...context, comment: { ...context.comment, parentId } };
    };
    await Promise.all([once.classify(inThread()), once.classify(inThread())]);
    expect(asked).toBe(2);
  });

  it('do not share a reason that names an author', async () => {
    const once = worker();
    const first = written('How much?');
    reason = `${first.comment.username ?? ''} asks for the price.`;
    const [one, other] = await Promise.all([once.classify(first), once.classify(written('How much?'))]);
    expect(asked).toBe(2);
    expect(one).not.toHaveProperty('verdict.likeness');
    expect(other).not.toHaveProperty('takenOver');
  });

  it('do not share what was no verdict, and a failure ends with those who waited for it', async () => {
    const once = worker();
    answer = () => ({ kind: 'unreadable', detail: 'no JSON' });
    await Promise.all([once.classify(written('Hm')), once.classify(written('Hm'))]);
    expect(asked).toBe(2);
    answer = () => {
      throw new AppError('unavailable', 'the model is away');
    };
    const failed = await Promise.allSettled([once.classify(written('Ha')), once.classify(written('Ha'))]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked).toBe(3);
    answer = undefined;
    await expect(once.classify(written('Ha'))).resolves.toMatchObject({ kind: 'verdict' });
  });
});
