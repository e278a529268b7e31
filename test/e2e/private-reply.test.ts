import { beforeAll, describe, expect, it } from 'vitest';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

/** Nothing is due about it by itself. */
const praise = 'Wonderful bread, thank you!';
const words = 'Hello! The price list is on its way to you.';
/** The queue finds a dead worker's job after one or two minutes; then three looks over two minutes. */
const doubtEndsMs = 270_000;

const stack = stackForThisFile({ workers: 0 });

const write = async (id: string, text = words): Promise<{ status: number; body: unknown }> =>
  await stack().admin('POST', `comments/${id}/private-reply`, { text });

// AN-6, M8
describe('a private reply', { timeout: 320_000 }, () => {
  const ids = { clear: '', unclear: '', notSent: '', sent: '', late: '', hidden: '' };

  beforeAll(async () => {
    const { vendors } = stack();
    await stack().startWorker();
    const all = await Promise.all(
      Object.keys(ids).map(async (name) => {
        // A conversation of their own each: there, equal words of two doubtful replies could not be told apart.
        return await vendors.comment(praise, {
          username: `customer.${name}`,
          minutesAgo: name === 'late' ? 8 * 1_440 : 0,
        });
      }),
    );
    const [clear = '', unclear = '', notSent = '', sent = '', late = '', hidden = ''] = all;
    Object.assign(ids, { clear, unclear, notSent, sent, late, hidden });
    await stack().untilFinal(all, 60_000);
    await stack().endWorkers('SIGTERM');
    const effect = { kind: 'do-then-reset' };
    await vendors.fault({ vendor: 'instagram', call: 'private-reply', match: { target: unclear }, effect });
    // Killed between each two commits: marked and not sent, sent and not noted.
    await killedOver(notSent, 'after', `UPDATE replies SET state = 'sending'`, 0);
    await killedOver(sent, 'before', `UPDATE replies SET state = 'sent'`, 1);
    for (const id of [clear, unclear, late]) await write(id);
    await stack().admin('POST', `comments/${hidden}/moderations`, { action: 'hide' });
    await stack().startWorker();
  });

  async function killedOver(id: string, when: 'before' | 'after', statement: string, calls: number): Promise<void> {
    expect((await write(id)).status).toBe(202);
    const worker = await stack().startWorker({ crashAt: { when, statement, commentId: id } });
    await until(`the crash ${when} ${statement}`, 60_000, () => worker.hasEnded());
    expect(await stack().vendors.privateReplyCalls(id)).toBe(calls);
  }

  it('is sent once, however often it is asked for, and there is no second one', async () => {
    const id = ids.clear;
    await stack().untilFinal([id], 30_000);
    const [again, other] = [await write(id), await write(id, 'Something else')];
    expect(again).toMatchObject({ status: 202, body: { state: 'sent', text: words } });
    expect(other).toMatchObject({ status: 409, body: { title: 'Not possible in this state' } });
    expect(await stack().vendors.privateReplyCalls(id)).toBe(1);
    expect(await stack().vendors.thread(id)).toEqual([]);
    const way = await stack().decisions(id);
    expect(way?.comment).toMatchObject({ outcome: 'answered', actions: ['private-reply'], reply: null });
  });

  it('is refused with a reason where none is possible', async () => {
    const route = `comments/${ids.clear}/private-reply`;
    const ask = async (body: object): Promise<number> => (await stack().admin('POST', route, body)).status;
    expect([await ask({}), await ask({ text: 'x', to: 'y' }), await ask({ text: ' \n' })]).toEqual([400, 400, 422]);
    expect(await ask({ text: 'ы'.repeat(501) })).toBe(422);
    expect((await write('404')).status).toBe(404);
  });

  it('to a comment of last week is not even tried', async () => {
    await stack().untilFinal([ids.late], 30_000);
    expect(await stack().reasonsOf(ids.late)).toContain('private-reply-too-late');
    expect(await stack().vendors.privateReplyCalls(ids.late)).toBe(0);
  });

  it('reaches the author of a hidden comment', async () => {
    const id = ids.hidden;
    await stack().untilFinal([id], 30_000);
    expect(await stack().vendors.isHidden(id)).toBe(true);
    await write(id);
    await stack().untilFinal([id], 30_000);
    expect((await stack().decisions(id))?.comment).toMatchObject({ hidden: true, privateReply: { state: 'sent' } });
  });

  it.each(['unclear', 'sent'] as const)(
    'that was %s is found in the conversation and not sent again',
    async (which) => {
      const id = ids[which];
      await stack().untilFinal([id], doubtEndsMs);
      expect(await stack().reasonsOf(id)).toContain('reply-found-by-listing');
      expect(await stack().vendors.privateReplyCalls(id)).toBe(1);
    },
  );

  it('whose worker died before it was sent is looked for three times and sent once', async () => {
    const id = ids.notSent;
    await until('the last look', doubtEndsMs, async () => {
      await stack().hastenReplies(id);
      return (await stack().reasonsOf(id)).includes('reply-sent');
    });
    expect(await stack().vendors.privateReplyCalls(id)).toBe(1);
    expect((await stack().reasonsOf(id)).filter((reason) => reason === 'reply-not-found-yet')).toHaveLength(2);
  });
});

describe("an operator's moderation", { timeout: 120_000 }, () => {
  const ask = async (id: string, body: object): Promise<number> =>
    (await stack().admin('POST', `comments/${id}/moderations`, body)).status;

  it('hides, shows again, hides and deletes; the newest wish wins, also after unclear answers', async () => {
    const { vendors } = stack();
    const id = await vendors.comment(praise);
    await stack().untilFinal([id], 30_000);
    for (const [action, hidden] of [
      ['hide', true],
      ['unhide', false],
      ['hide', true],
    ] as const) {
      const call = action;
      await vendors.fault({ vendor: 'instagram', call, match: { target: id }, effect: { kind: 'do-then-reset' } });
      expect(await ask(id, { action, requestId: `${action}-${hidden}` })).toBe(202);
      await stack().untilFinal([id], 60_000);
      expect(await vendors.isHidden(id)).toBe(hidden);
      expect((await stack().decisions(id))?.comment.hidden).toBe(hidden);
      if (action === 'unhide') await stack().sql(`UPDATE moderations SET request_id = NULL`);
    }
    const effect = { kind: 'do-then-status', status: 500 };
    await vendors.fault({ vendor: 'instagram', call: 'delete', match: { target: id }, effect });
    expect([await ask(id, { action: 'delete' }), await ask(id, { action: 'delete' })]).toEqual([202, 202]);
    await stack().untilFinal([id], 60_000);
    expect((await stack().decisions(id))?.comment).toMatchObject({ outcome: 'deleted' });
    await expect(vendors.isHidden(id)).rejects.toThrow('does not exist');
    expect([await ask(id, { action: 'burn' }), await ask('404', { action: 'hide' })]).toEqual([400, 404]);
  });
});
