import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bakeryAccount } from '../../apps/sandbox/src/bakery/account.js';
import { rawComment } from '../support/raw-comments.js';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const enoughMs = 60_000;
const stack = stackForThisFile();

/** What the vendors saw about one comment; alerts are told apart by its text. */
async function seenAbout(id: string, text: string): Promise<object> {
  const { vendors } = stack();
  const [replies, hides, alerts] = await Promise.all([
    vendors.replyCalls(id),
    vendors.hideCalls(id),
    vendors.alertsWith(text),
  ]);
  return { replies, hides, alerts };
}

describe('one comment of each class', () => {
  it.each([
    ['a question', 'question', 'Can the bread be frozen?', { replies: 1, hides: 0, alerts: 0 }],
    ['praise', 'positive', 'Best croissants I have ever had, thank you!', { replies: 0, hides: 0, alerts: 0 }],
    ['criticism', 'critical', 'Waited 40 minutes in line, terrible service', { replies: 0, hides: 0, alerts: 1 }],
    ['trouble', 'urgent', 'You charged me twice for one loaf', { replies: 0, hides: 0, alerts: 1 }],
    [
      'an offer',
      'partnership',
      'I run a food blog and would love a collaboration',
      { replies: 0, hides: 0, alerts: 1 },
    ],
    ['abuse', 'toxic', 'You are all scum and idiots, go to hell', { replies: 0, hides: 1, alerts: 0 }],
    ['noise', 'spam', 'Earn $5000 a week with crypto, DM me now!!', { replies: 0, hides: 0, alerts: 0 }],
  ])('%s is understood as %s and handled as the policy wants', async (_name, classified, text, expected) => {
    const id = await stack().vendors.comment(text);
    await stack().untilFinal([id], enoughMs);
    expect((await stack().decisions(id))?.comment.verdict?.class).toBe(classified);
    expect(await seenAbout(id, text)).toEqual(expected);
    expect(await stack().vendors.isHidden(id)).toBe(expected.hides === 1);
  });

  it('criticism and trouble leave a draft or a question for a person', async () => {
    const id = await stack().vendors.comment('Overpriced and the cake was dry. Disappointed.');
    await stack().untilFinal([id], enoughMs);
    expect((await stack().decisions(id))?.comment).toMatchObject({ outcome: 'waiting', reply: { state: 'waiting' } });
    expect(await stack().vendors.thread(id)).toEqual([]);
  });
});

describe('a thread', () => {
  it('is gone on with: a follow-up is understood from what was asked before', async () => {
    const { vendors } = stack();
    const first = await vendors.comment('What is the price of the honey cake?', { username: 'lizzy.reads' });
    await stack().untilFinal([first], enoughMs);
    const second = await vendors.comment('and delivery?', { username: 'lizzy.reads', parentId: first });
    await stack().untilFinal([second], enoughMs);
    expect(await vendors.thread(first)).toEqual([
      expect.stringContaining('1900'),
      'and delivery?',
      expect.stringContaining('250'),
    ]);
  });

  it('never goes on with ourselves: replies that come back as comments are not answered', async () => {
    const { vendors } = stack();
    const questions = await vendors.comments('How can I order a birthday cake?', { count: 5 });
    await stack().untilFinal(questions, enoughMs);
    const echoes = await until('our replies to come back', enoughMs, async () => {
      const rows = await stack().sql<{ id: string }>(
        `SELECT id FROM comments WHERE parent_id = ANY ($1) AND outcome = 'own' AND stage = 'done'`,
        [questions],
      );
      return rows.length === questions.length && rows.map(({ id }) => id);
    });
    // Once more, as Meta may: also what is known is not answered.
    await vendors.deliverAgain({ ids: echoes, times: 3, shuffle: true });
    const calls = await Promise.all([...questions, ...echoes].map(async (id) => await vendors.replyCalls(id)));
    expect(calls).toEqual([...questions.map(() => 1), ...echoes.map(() => 0)]);
    for (const id of questions) expect(await vendors.thread(id)).toHaveLength(1);
  });

  it('that the brand begins itself is left alone, even when it asks something', async () => {
    const id = '17900000000000901';
    const own = { ...rawComment(id, 'How much is delivery?', bakeryAccount.username), authorId: bakeryAccount.id };
    expect(await stack().deliver([own])).toBe(200);
    await stack().untilFinal([id], enoughMs);
    expect((await stack().decisions(id))?.comment).toMatchObject({ outcome: 'own', verdict: null, actions: [] });
    expect(await stack().vendors.replyCalls(id)).toBe(0);
  });
});

describe('a question that no document answers', () => {
  it('is not answered with an invention: a person is told', async () => {
    const text = 'Can I come in with my dog?';
    const id = await stack().vendors.comment(text);
    await stack().untilFinal([id], enoughMs);
    expect(await seenAbout(id, text)).toEqual({ replies: 0, hides: 0, alerts: 1 });
    expect((await stack().decisions(id))?.comment.outcome).toBe('waiting');
  });
});

describe('a dry run', () => {
  beforeAll(async () => {
    await stack().endWorkers('SIGTERM');
    await stack().startWorker({ environment: { REPLIES_DRY_RUN: 'true' } });
  });
  afterAll(async () => {
    await stack().endWorkers('SIGTERM');
  });

  it('publishes and hides nothing, and says what it would have done', async () => {
    const { vendors } = stack();
    const question = await vendors.comment('Is the rye bread vegan?');
    const insult = await vendors.comment('You are all scum and idiots, go to hell!');
    await stack().untilFinal([question, insult], enoughMs);
    expect(await vendors.replyCalls(question)).toBe(0);
    expect(await vendors.hideCalls(insult)).toBe(0);
    const reasons = [await stack().decisions(question), await stack().decisions(insult)].flatMap((way) =>
      way?.decisions.map(({ reason }) => reason),
    );
    expect(reasons).toEqual(expect.arrayContaining(['reply-dry-run', 'hide-dry-run']));
  });
});
