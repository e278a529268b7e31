import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bakeryMedia } from '../../apps/sandbox/src/bakery/media.js';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

/** Looking for a renewed access takes 15 s at most, the sweep 3 s, and machines may be busy. */
const soonMs = 90_000;
const question = 'Hi! How much is delivery?';
const expired = { error: { type: 'OAuthException', code: 190, message: 'The session has expired.' } };

const stack = stackForThisFile();
const pauseList = z.object({ pauses: z.array(z.object({ scope: z.string(), id: z.string(), why: z.string() })) });

async function switches(method: 'PUT' | 'DELETE', path: string): Promise<void> {
  const answer = await fetch(`${stack().apiUrls[0]}/api/v1/pauses/${path}`, { method });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
}

async function paused(): Promise<readonly string[]> {
  const answer = await fetch(`${stack().apiUrls[0]}/api/v1/pauses`);
  return pauseList.parse(await answer.json()).pauses.map(({ scope, why }) => `${scope} ${why}`);
}

/** Waits until each of these has its words and stands still because of a pause, and its ledger says so once. */
async function untilHeldBack(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const reasons = await until(`the ledger of ${id} to tell of the pause`, soonMs, async () => {
      const way = await stack().decisions(id);
      const told = way?.decisions.map(({ reason }) => reason).filter((reason) => reason === 'waits-for-resume') ?? [];
      return way?.comment.reply?.state === 'drafted' && told.length > 0 && told;
    });
    expect(reasons).toEqual(['waits-for-resume']);
  }
}

async function accepted(id: string): Promise<number> {
  const calls = await stack().vendors.ledger({ vendor: 'instagram', call: 'reply', target: id });
  return calls.filter(({ status }) => status === 200).length;
}

async function expectOneReplyEach(ids: readonly string[]): Promise<void> {
  await stack().untilFinal(ids, soonMs);
  for (const id of ids) expect([await accepted(id), (await stack().vendors.thread(id)).length]).toEqual([1, 1]);
}

async function incidents(): Promise<unknown> {
  return await stack().sql(`SELECT kind, closed_at IS NULL AS open FROM incidents ORDER BY id`);
}

// audit 31
describe('an account whose token dies mid-run', { timeout: 300_000 }, () => {
  it('keeps its replies; with the new token all of them go out, each once', async () => {
    const { vendors } = stack();
    await expectOneReplyEach(await vendors.comments(question, { count: 2 }));

    const effect = { kind: 'status', status: 400, body: expired };
    for (const call of ['reply', 'me']) await vendors.fault({ vendor: 'instagram', call, times: 0, effect });
    const ids = await vendors.comments(question, { count: 25 });
    await untilHeldBack(ids);
    expect(await paused()).toEqual(['account disconnected']);
    expect(await incidents()).toEqual([{ kind: 'account-disconnected', open: true }]);
    const refused = await Promise.all(ids.map(async (id) => await vendors.replyCalls(id)));
    // Those that were on their way when the first was refused, and no more: ten go at once.
    expect(refused.reduce((sum, calls) => sum + calls, 0)).toBeLessThanOrEqual(10);
    expect(await stack().sql('SELECT 1 FROM replies WHERE attempts > 0 OR attempt > 1')).toEqual([]);

    await vendors.clearFaults();
    await expectOneReplyEach(ids);
    expect(await paused()).toEqual([]);
    expect(await incidents()).toEqual([{ kind: 'account-disconnected', open: false }]);
  });
});

// PO-5
describe('the kill switch', { timeout: 300_000 }, () => {
  it('for everything: what was not on its way when it was pulled is not published until the resume', async () => {
    const { vendors } = stack();
    const before = await vendors.comments(question, { count: 20 });
    await until('the first of them to be published', soonMs, async () => {
      const counts = await Promise.all(before.map(async (id) => await accepted(id)));
      return counts.some((count) => count > 0);
    });
    await switches('PUT', 'everything/all');
    await until('the end of what was on its way', soonMs, async () => {
      const [row] = await stack().sql<{ going: number }>(
        `SELECT count(*)::int AS going FROM replies WHERE state = 'sending' AND lease_until > now()`,
      );
      return row?.going === 0;
    });
    const calls = async (): Promise<number> => (await vendors.ledger({ vendor: 'instagram', call: 'reply' })).length;
    const soFar = await calls();

    const after = await vendors.comments(question, { count: 5 });
    await untilHeldBack(after);
    expect(await calls()).toBe(soFar);

    await switches('DELETE', 'everything/all');
    await expectOneReplyEach([...before, ...after]);
  });

  it('for a post: its comments wait, unhidden and unanswered, and those of other posts do not', async () => {
    const { vendors } = stack();
    const [post, other] = bakeryMedia.map(({ id }) => id);
    if (post === undefined || other === undefined) throw new Error('the bakery has too few posts');
    await switches('PUT', `post/${post}`);
    const waiting = await vendors.comment(question, { mediaId: post });
    const insult = await vendors.comment('You are all scum and idiots, go to hell', { mediaId: post });
    await expectOneReplyEach([await vendors.comment(question, { mediaId: other })]);
    await untilHeldBack([waiting]);
    await until('the insult to be understood', soonMs, async () => (await stack().decisions(insult))?.comment.verdict);
    expect([await vendors.replyCalls(waiting), await vendors.hideCalls(insult)]).toEqual([0, 0]);

    await switches('DELETE', `post/${post}`);
    await expectOneReplyEach([waiting]);
    await stack().untilFinal([insult], soonMs);
    expect(await vendors.isHidden(insult)).toBe(true);
  });
});
