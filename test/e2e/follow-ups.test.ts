import { beforeAll, describe, expect, it } from 'vitest';
import { limitRules } from '#domain/work/allowances.js';
import { Desk } from '../support/desk.js';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const soonMs = 60_000;
const { usually: cap } = limitRules['bot-replies-in-thread'];
const stack = stackForThisFile({ workers: 2 });
const desk = new Desk(stack);

/** How often our own replies came back and were known for what they are. */
async function echoes(top: string): Promise<number> {
  const rows = await stack().sql(`SELECT id FROM comments WHERE parent_id = $1 AND outcome = 'own'`, [top]);
  return rows.length;
}

// AN-4
describe('a conversation', { timeout: 180_000 }, () => {
  let top: string;

  beforeAll(async () => {
    top = await stack().vendors.comment('What is the price of the honey cake?', { username: 'lizzy.reads' });
    await stack().untilFinal([top], soonMs);
  });

  it('goes on: a question under our reply is answered as itself, in the thread where it stands', async () => {
    const { vendors } = stack();
    const asked = await vendors.comment('and delivery?', { username: 'lizzy.reads', parentId: top });
    await stack().untilFinal([asked], soonMs);
    expect([await vendors.replyCalls(top), await vendors.replyCalls(asked)]).toEqual([1, 1]);
    expect(await vendors.thread(top)).toEqual([
      expect.stringContaining('1900'),
      'and delivery?',
      expect.stringContaining('250'),
    ]);
  });

  it('with another machine ends at the cap: what it writes then waits for a person, who is told once', async () => {
    const { vendors } = stack();
    const other = { username: 'delivery.bot' };
    const first = await vendors.comment('Hi! How much is delivery?', other);
    await stack().untilFinal([first], soonMs);
    const asked = [first];
    // It answers each of our replies with a question; and when we say no more, it asks on.
    for (let round = 1; round < cap + 4; round += 1) {
      const id = await vendors.comment(`Hi! How much is delivery? (${round})`, { ...other, parentId: first });
      asked.push(id);
      await stack().untilFinal([id], soonMs);
    }
    const calls = await Promise.all(asked.map(async (id) => await vendors.replyCalls(id)));
    expect(calls).toEqual(asked.map((_, index) => (index < cap ? 1 : 0)));
    const beyond = asked.slice(cap);
    for (const id of beyond) {
      expect((await stack().admin('GET', `comments/${id}/decisions`)).body).toMatchObject({
        why: { reason: 'thread-cap-reached', todo: expect.stringContaining('machine') },
        comment: { outcome: 'waiting', reply: { state: 'waiting', text: expect.stringContaining('250') } },
      });
    }
    const told = await stack().sql('SELECT comment_id FROM alerts WHERE comment_id = ANY ($1)', [asked]);
    expect(told).toEqual([{ comment_id: beyond[0] }]);
    await until('all our replies to come back', soonMs, async () => (await echoes(first)) === cap);

    // A person may say more there than the bot.
    const [waiting = ''] = beyond;
    const draft = await desk.draftOf(waiting);
    await desk.accepted(`replies/${draft.id}/approve`, { expectedRevision: draft.revision });
    await stack().untilFinal([waiting], soonMs);
    expect(await vendors.replyCalls(waiting)).toBe(1);
  });

  it('that many open at once in one thread gets no more answers than the cap, by however many workers', async () => {
    const { vendors } = stack();
    const first = await vendors.comment('Lovely bread!');
    await stack().untilFinal([first], soonMs);
    const asked = await vendors.comments('Hi! How much is delivery?', { parentId: first, count: cap + 9 });
    await stack().untilFinal(asked, soonMs);
    const calls = await Promise.all(asked.map(async (id) => await vendors.replyCalls(id)));
    expect(calls.reduce((sum, count) => sum + count, 0)).toBe(cap);
    const waiting = await stack().sql(
      `SELECT count(*)::int AS rows FROM replies WHERE comment_id = ANY ($1) AND state = 'waiting'`,
      [asked],
    );
    expect(waiting).toEqual([{ rows: 9 }]);
  });
});
