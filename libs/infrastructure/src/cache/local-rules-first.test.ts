import { beforeEach, describe, expect, it } from 'vitest';
import type { Classification, CommentContext } from '#domain/comments/comment-classifier.js';
import type { LocalRule } from '#domain/comments/local-rules.js';
import { CommentId } from '#domain/shared/ids.js';
import { incoming, verdictOf } from '../../../../test/support/rows.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { LocalRulesFirst } from './local-rules-first.js';

const question = 'Where is my order number 1234?';
let asked: string[];
let counted: LocalRule[];
let off: Set<LocalRule>;
let clock: VirtualClock;
let rules: LocalRulesFirst;
let ids = 0;

const model = {
  classify: async ({ comment }: CommentContext): Promise<Classification> => {
    asked.push(comment.text);
    return await Promise.resolve({ kind: 'verdict', verdict: verdictOf('urgent'), repaired: false });
  },
};

function said(text: string, given: Parameters<typeof incoming>[1] = {}, answers = 0): CommentContext {
  const state = { stage: 'received', verdict: undefined, hidden: false, outcome: undefined } as const;
  const comment = { ...incoming(String((ids += 1)), { text, ...given }), ...state, receivedAt: new Date(0) };
  const thread = Array.from({ length: answers }, () => ({ by: 'brand', username: undefined, text: 'Hello' }) as const);
  return { comment, media: undefined, thread, brand: { username: 'warm.bread' } };
}
const inThread = { parentId: CommentId.parse('900') };

beforeEach(() => {
  asked = [];
  counted = [];
  off = new Set();
  clock = new VirtualClock();
  rules = new LocalRulesFirst(
    { off: async () => await Promise.resolve(off) },
    model,
    (rule) => counted.push(rule),
    () => clock.elapsedMs(),
  );
});

// CL-4
describe('local rules before the model', () => {
  it('decide, are counted, and say so', async () => {
    await expect(rules.classify(said('😍'))).resolves.toMatchObject({
      kind: 'verdict',
      locally: 'emoji-only',
      verdict: { class: 'positive', model: 'local-rules', promptVersion: 'local-rules@1' },
    });
    expect(asked).toEqual([]);
    expect(counted).toEqual(['emoji-only']);
  });

  it('leave the rest to the model', async () => {
    await expect(rules.classify(said('How much?'))).resolves.not.toHaveProperty('locally');
    expect(asked).toEqual(['How much?']);
    expect(counted).toEqual([]);
  });

  it('ask the model for what the account has switched off', async () => {
    off = new Set(['emoji-only']);
    await rules.classify(said('😍'));
    expect(asked).toEqual(['😍']);
  });

  it('take the verdict over when an author repeats in a thread, for an hour', async () => {
    await rules.classify(said(question, inThread));
    await expect(rules.classify(said(question, inThread))).resolves.toMatchObject({
      locally: 'repeat',
      verdict: { class: 'urgent' },
    });
    expect(asked).toHaveLength(1);
    clock.pass(3_600_001);
    await expect(rules.classify(said(question, inThread))).resolves.not.toHaveProperty('locally');
  });

  it.each([
    ['somebody else says them', { ...inThread, authorId: '7' }, 0],
    ['they stand in another thread', { parentId: CommentId.parse('901') }, 0],
    ['we have answered in between', inThread, 1],
    ['they stand under the post itself, where the verdict cache looks', {}, 0],
  ])('ask about the same words when %s', async (_, given, answers) => {
    await rules.classify(said(question, inThread));
    await rules.classify(said(question, given, answers));
    expect(asked).toHaveLength(2);
  });

  it('do not take a second try of the same comment for a repeat', async () => {
    const first = said(question, inThread);
    await rules.classify(first);
    await rules.classify(first);
    expect(asked).toHaveLength(2);
  });
});
