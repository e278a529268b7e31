import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bakeryMedia } from '../../apps/sandbox/src/bakery/media.js';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const enoughMs = 90_000;
const stack = stackForThisFile();
const answer = z.object({
  why: z.object({ reason: z.string().nullable(), summary: z.string(), todo: z.string() }),
  comment: z.object({
    outcome: z.string().nullable(),
    moderations: z.array(z.object({ action: z.string(), by: z.string(), doneAt: z.iso.datetime().nullable() })),
  }),
});

async function asked(id: string): Promise<z.infer<typeof answer>> {
  return answer.parse((await stack().admin('GET', `comments/${id}/decisions`)).body);
}

// PO-7, CL-1
describe('why a comment went as it did', { timeout: 200_000 }, () => {
  const question = 'Hi! How much is delivery?';
  const texts = {
    leftAlone: 'Wonderful bread, thank you!',
    answered: question,
    hidden: 'You are all scum and idiots, go to hell',
    waiting: 'I found a piece of glass in your bread! Call me at once!',
    told: 'We would love to discuss a collaboration with your bakery',
    parked: 'The birthday cake was so pretty, thank you!',
    deleted: 'Best rolls in town, thank you!',
  };
  let ids: Readonly<Record<keyof typeof texts, string>>;

  beforeAll(async () => {
    const { vendors } = stack();
    await vendors.fault({ vendor: 'openai', match: { text: texts.parked }, times: 0, effect: { kind: 'refusal' } });
    const made = await Promise.all(
      Object.entries(texts).map(async ([name, text]) => [name, await vendors.comment(text)] as const),
    );
    ids = Object.fromEntries(made) as typeof ids; // the same names
    await stack().untilFinal(Object.values(ids), enoughMs);
    await stack().admin('POST', `comments/${ids.deleted}/moderations`, { action: 'delete' });
    await stack().untilFinal([ids.deleted], enoughMs);
  });

  it.each([
    ['leftAlone', 'left-alone', 'Left as it is: the policy asks for nothing here'],
    ['answered', 'answered', 'Answered: the reply is published.'],
    ['hidden', 'hidden', 'Hidden: the policy hides such comments'],
    ['waiting', 'waiting', 'Waits for a person: '],
    ['told', 'told', 'Left to people, who were told: operators got a message.'],
    ['parked', 'parked', 'Given up until a person looks: the model declined'],
    ['deleted', 'deleted', 'Deleted: the comment is deleted for good'],
  ] as const)('is one call when it is %s', async (name, outcome, begin) => {
    const { why, comment } = await asked(ids[name]);
    expect(comment.outcome).toBe(outcome);
    expect(why.summary.slice(0, begin.length)).toBe(begin);
    expect(why.todo).toMatch(/[.]$/u);
  });

  it('is one call for what waits for a resume, and for our own reply that comes back', async () => {
    const { vendors } = stack();
    const mediaId = bakeryMedia[1]?.id ?? '';
    await stack().admin('PUT', `pauses/post/${mediaId}`);
    const paused = await vendors.comment(question, { mediaId });
    const told = await until('the pause in the ledger', enoughMs, async () => {
      const { why } = await asked(paused);
      return why.reason === 'waits-for-resume' && why;
    });
    expect(told.summary).toContain('On its way: the account, the post or everything is paused');
    expect(told.todo).toContain('Resume');
    const [reply] = await vendors.threadIds(ids.answered);
    await stack().untilFinal([reply ?? ''], enoughMs);
    expect((await asked(reply ?? '')).why.reason).toBe('own-comment');
  });

  // PO-3
  it('says of a hide when it was done and who wanted it', async () => {
    expect((await asked(ids.hidden)).comment.moderations).toEqual([
      { action: 'hide', by: 'system', doneAt: expect.any(String) },
    ]);
    expect((await asked(ids.deleted)).comment.moderations).toMatchObject([{ action: 'delete', by: 'operator' }]);
  });

  it('after a model answer that did not fit, and its repair, says so', async () => {
    const { vendors } = stack();
    const text = 'The rye bread was a dream, thank you!';
    const effect = { kind: 'output', text: 'a positive one, I think' };
    await vendors.fault({ vendor: 'openai', match: { text }, times: 1, effect });
    const id = await vendors.comment(text);
    await stack().untilFinal([id], enoughMs);
    expect(await stack().reasonsOf(id)).toEqual(['received', 'classified-after-repair', 'left-visible']);
  });
});
