import { beforeAll, describe, expect, it } from 'vitest';
import { Desk } from '../support/desk.js';
import { stackForThisFile, type CrashPoint } from '../support/stack.js';
import { until } from '../support/until.js';

const soonMs = 60_000;
/** A dead worker's lease runs out first; then three looks, hastened. */
const afterCrashMs = 150_000;
const question = 'Hi! How much is delivery?';

const stack = stackForThisFile();
const desk = new Desk(stack);

beforeAll(async () => await desk.wantsDrafts());

const statuses = (answers: readonly { status: number }[]): readonly number[] =>
  answers.map(({ status }) => status).toSorted((one, other) => one - other);

// AN-7
describe('a draft that waits for a person', { timeout: 180_000 }, () => {
  it('is approved by ten people at once and sent once; its whole story is told', async () => {
    const { id, revision, comment, text, findings } = await desk.question(question);
    expect([text, findings.map(({ reason }) => reason)]).toEqual([expect.stringContaining('250'), ['draft-waits']]);
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, person) =>
        desk.ask(`replies/${id}/approve`, { expectedRevision: revision, requestId: `person-${person}` }),
      ),
    );
    expect(statuses(answers)).toEqual(Array.from({ length: 10 }, () => 202));
    await stack().untilFinal([comment.id], soonMs);
    expect(await stack().vendors.thread(comment.id)).toEqual([text]);
    expect(await stack().vendors.replyCalls(comment.id)).toBe(1);
    expect(await stack().decisions(comment.id)).toMatchObject({ comment: { outcome: 'answered', actions: ['reply'] } });
    const reasons = await stack().reasonsOf(comment.id);
    expect(reasons.filter((reason) => reason === 'draft-approved')).toHaveLength(1);
    expect(await stack().admin('GET', `replies/${id}`)).toMatchObject({
      status: 200,
      body: {
        reply: { state: 'sent', intent: 'person' },
        history: [{ action: 'approve', before: text, by: 'operator' }],
      },
    });
    expect((await desk.waiting()).replies.filter((one) => one.comment.id === comment.id)).toEqual([]);
  });

  it('is edited by two people at once: one is first, the other is told what stands there now', async () => {
    const { id, revision, comment } = await desk.question(question);
    const both = ['Gladly, every day.', 'Yes, of course.'];
    const answers = await Promise.all(
      both.map(async (text) => await desk.ask(`replies/${id}/edit`, { expectedRevision: revision, text })),
    );
    expect(statuses(answers)).toEqual([202, 409]);
    const first = both[answers.findIndex(({ status }) => status === 202)];
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ current: { id, text: first } });
    await stack().untilFinal([comment.id], soonMs);
    expect(await stack().vendors.thread(comment.id)).toEqual([first]);
    expect(await stack().vendors.replyCalls(comment.id)).toBe(1);
  });

  it('is checked when it is edited: what is in no document is asked about, and what nobody sees is refused', async () => {
    const { id, revision, comment } = await desk.question(question);
    const edit = async (text: string, more: object = {}): Promise<{ status: number; body: unknown }> =>
      await desk.ask(`replies/${id}/edit`, { expectedRevision: revision, text, ...more });
    expect(await edit('It costs 777.')).toMatchObject({ status: 422, body: { errors: ['gate-figure: 777'] } });
    expect(await edit('It costs\u202E 777.', { overrule: true })).toMatchObject({ status: 422 });
    expect(await edit('x'.repeat(901), { overrule: true })).toMatchObject({ status: 422 });
    expect(await edit('It costs 777.', { overrule: true })).toMatchObject({ status: 202 });
    await stack().untilFinal([comment.id], soonMs);
    expect(await stack().vendors.thread(comment.id)).toEqual(['It costs 777.']);
    const [kept] = await stack().sql(`SELECT overruled FROM reply_actions WHERE comment_id = $1`, [comment.id]);
    expect(kept).toEqual({ overruled: [{ reason: 'gate-figure', found: '777' }] });
  });

  it('is written anew when that is asked for, and the former revision can no longer be approved', async () => {
    const { id, revision, comment } = await desk.question(question);
    await desk.accepted(`replies/${id}/regenerate`, { expectedRevision: revision, hint: 'Shorter, please.' });
    const asked = await until('the next draft', soonMs, async () => {
      const again = await desk.draftOf(comment.id);
      return again.revision > revision + 1 && again;
    });
    const calls = await stack().vendors.ledger({ vendor: 'openai' });
    expect(JSON.stringify(calls.map(({ request }) => request))).toContain('Shorter, please.');
    expect(await desk.ask(`replies/${id}/approve`, { expectedRevision: revision })).toMatchObject({
      status: 409,
      body: { current: { state: 'waiting', revision: asked.revision } },
    });
    await desk.accepted(`replies/${id}/approve`, { expectedRevision: asked.revision });
    await stack().untilFinal([comment.id], soonMs);
    expect(await stack().vendors.replyCalls(comment.id)).toBe(1);
    expect(await stack().reasonsOf(comment.id)).toContain('draft-regenerated');
  });

  it('is rejected for good, and the comment answered by hand after all', async () => {
    const { id, revision, comment } = await desk.question(question);
    await desk.accepted(`replies/${id}/reject`, { expectedRevision: revision, reason: 'Wrong tone.' });
    await stack().untilFinal([comment.id], soonMs);
    expect(await stack().decisions(comment.id)).toMatchObject({
      comment: { outcome: 'left-alone', reply: { state: 'dropped' } },
    });
    await desk.accepted(`comments/${comment.id}/reply`, { text: 'We have written to you.' });
    await stack().untilFinal([comment.id], soonMs);
    expect(await stack().vendors.thread(comment.id)).toEqual(['We have written to you.']);
    expect(await desk.states(comment.id)).toEqual(['dropped', 'sent']);
  });

  it('comes page by page, by account, post and age; what is asked for wrongly is refused', async () => {
    const drafts = await Promise.all([desk.question(question), desk.question('What is the price of the honey cake?')]);
    const pages: string[] = [];
    for (let cursor = ''; ;) {
      const page = (await stack().admin('GET', `replies?limit=1${cursor}`)).body as Awaited<
        ReturnType<Desk['waiting']>
      >; // the desk parses the same body
      pages.push(...page.replies.map(({ id }) => id));
      if (page.next === null) break;
      cursor = `&cursor=${page.next}`;
    }
    expect(pages).toEqual(expect.arrayContaining(drafts.map(({ id }) => id)));
    expect(new Set(pages).size).toBe(pages.length);
    expect([
      (await desk.waiting('&account=1')).replies,
      (await desk.waiting('&post=1')).replies,
      (await desk.waiting('&olderThanMinutes=60')).replies,
    ]).toEqual([[], [], []]);
    const asked = await Promise.all(
      ['state=sent', 'limit=0', 'cursor=none', 'olderThanMinutes=-1', 'color=red'].map(
        async (query) => (await stack().admin('GET', `replies?${query}`)).status,
      ),
    );
    expect(asked).toEqual([400, 400, 400, 400, 400]);
    const unknown = '0193e3a2-1111-7aaa-8bbb-123456789abc';
    expect((await stack().admin('GET', `replies/${unknown}`)).status).toBe(404);
    expect((await desk.ask(`replies/${unknown}/approve`, { expectedRevision: 1 })).status).toBe(404);
    expect((await desk.ask(`replies/${drafts[0].id}/approve`, {})).status).toBe(400);
    expect((await desk.ask(`comments/404/reply`, { text: 'Hello' })).status).toBe(404);
  });
});

describe('a reply by hand', { timeout: 180_000 }, () => {
  it('is sent once when it is asked for twice, takes the thread over, and is not held back by that', async () => {
    const { vendors } = stack();
    const id = await vendors.comment('Wonderful bread, thank you!');
    await stack().untilFinal([id], soonMs);
    const words = { text: 'Thank you, come again!' };
    const answers = await Promise.all([1, 2, 3].map(async () => await desk.ask(`comments/${id}/reply`, words)));
    expect(statuses(answers)).toEqual([202, 202, 202]);
    await stack().untilFinal([id], soonMs);
    expect([await vendors.thread(id), await vendors.replyCalls(id)]).toEqual([[words.text], 1]);
    const follower = await vendors.comment(question, { parentId: id });
    await stack().untilFinal([follower], soonMs);
    expect(await stack().reasonsOf(follower)).toContain('left-to-person');
  });

  it('is refused under a hidden comment (AN-9), and waits for the end of a pause (PO-5)', async () => {
    const { vendors } = stack();
    const id = await vendors.comment('Wonderful bread, thank you!');
    await stack().untilFinal([id], soonMs);
    await desk.ask(`comments/${id}/moderations`, { action: 'hide' });
    await stack().untilFinal([id], soonMs);
    expect((await desk.ask(`comments/${id}/reply`, { text: 'Thanks!' })).status).toBe(422);
    await desk.ask(`comments/${id}/moderations`, { action: 'unhide' });
    await stack().untilFinal([id], soonMs);
    expect((await stack().admin('PUT', 'pauses/everything/all', {})).status).toBeLessThan(300);
    await desk.accepted(`comments/${id}/reply`, { text: 'Thanks!' });
    await until('the line that it waits', soonMs, async () =>
      (await stack().reasonsOf(id)).includes('waits-for-resume'),
    );
    expect(await vendors.replyCalls(id)).toBe(0);
    await fetch(`${stack().apiUrls[0]}/api/v1/pauses/everything/all`, { method: 'DELETE' });
    await stack().untilFinal([id], soonMs);
    expect(await vendors.thread(id)).toEqual(['Thanks!']);
  });
});

describe('a published reply', { timeout: 300_000 }, () => {
  it('is replaced by two people at once: the new one goes out before the former is removed, and there is one new one', async () => {
    const { commentId, id, revision } = await desk.answered(question, 'Every day.');
    const texts = ['Every day until evening.', 'Daily, gladly.'];
    const answers = await Promise.all(
      texts.map(async (text) => await desk.ask(`replies/${id}/replace`, { expectedRevision: revision, text })),
    );
    expect(statuses(answers)).toEqual([202, 409]);
    const text = texts[answers.findIndex(({ status }) => status === 202)] ?? '';
    await desk.untilShown(commentId, [text], soonMs);
    expect(await desk.states(commentId)).toEqual(['removed', 'sent']);
    const calls = (await stack().vendors.ledger({ vendor: 'instagram' })).filter(
      ({ call, target, request }) =>
        call === 'delete' || (call === 'reply' && target === commentId && JSON.stringify(request).includes(text)),
    );
    expect(calls.slice(-2).map(({ call }) => call)).toEqual(['reply', 'delete']);
    expect(await stack().reasonsOf(commentId)).toEqual(expect.arrayContaining(['reply-replacing', 'reply-removed']));
    expect((await stack().decisions(commentId))?.comment).toMatchObject({
      outcome: 'answered',
      reply: { state: 'sent', text },
    });
  });

  it.each([
    ['is published, and the answer is lost', { kind: 'do-then-reset' }],
    ['is published, and the answer says 500', { kind: 'do-then-status', status: 500 }],
    ['is not published, and nobody says so', { kind: 'reset' }],
  ])('that is replaced by one that %s is gone in the end, and the new one stands once', async (_what, effect) => {
    const { commentId, id, revision } = await desk.answered(question, 'Every day.');
    const text = 'Every day, also on holidays.';
    await stack().vendors.fault({ vendor: 'instagram', call: 'reply', match: { target: commentId }, effect });
    await desk.accepted(`replies/${id}/replace`, { expectedRevision: revision, text });
    await desk.untilShown(commentId, [text], afterCrashMs);
    expect(await desk.states(commentId)).toEqual(['removed', 'sent']);
  });

  it('is deleted at Instagram first, then here, also after unclear answers and twice at once', async () => {
    const { commentId, id, revision } = await desk.answered(question, 'Every day.');
    const [published = ''] = await stack().vendors.threadIds(commentId);
    const effect = { kind: 'do-then-status', status: 500 };
    await stack().vendors.fault({ vendor: 'instagram', call: 'delete', match: { target: published }, effect });
    const wish = { expectedRevision: revision };
    expect(statuses(await Promise.all([1, 2].map(async () => await desk.ask(`replies/${id}/delete`, wish))))).toEqual([
      202, 202,
    ]);
    await desk.untilShown(commentId, [], afterCrashMs);
    expect(await desk.states(commentId)).toEqual(['removed']);
    expect(await desk.ask(`replies/${id}/delete`, wish)).toMatchObject({ status: 202, body: { state: 'removed' } });
    expect(
      (await stack().reasonsOf(commentId)).filter((reason) => /removal-wanted|reply-removed/.test(reason)),
    ).toEqual(['reply-removal-wanted', 'reply-removed']);
  });

  it('that somebody deleted in the app counts as deleted', async () => {
    const { commentId, id, revision } = await desk.answered(question, 'Every day.');
    const [published = ''] = await stack().vendors.threadIds(commentId);
    await stack().vendors.deleteInApp(published);
    await desk.accepted(`replies/${id}/delete`, { expectedRevision: revision });
    await desk.untilShown(commentId, [], soonMs);
    expect(await desk.states(commentId)).toEqual(['removed']);
  });
});

// AN-7, AN-8: dead between any two statements.
describe('workers and apis that die', { timeout: 900_000 }, () => {
  const points: readonly CrashPoint[] = (['before', 'sent', 'after'] as const).flatMap((when) =>
    [
      `SET state = 'sending'`,
      `SET state = 'sent'`,
      'SET lease_until = now() + given.lease_ms',
      `SET state = 'removed'`,
    ].map((statement) => ({ when, statement })),
  );

  it(`around each statement of a replacement (${points.length} points) leave the new reply alone`, async () => {
    const replaced = await Promise.all(points.map(async () => await desk.answered(question, 'Every day.')));
    await stack().endWorkers('SIGTERM');
    for (const [index, point] of points.entries()) {
      const { commentId, id, revision } = replaced[index] ?? { commentId: '', id: '', revision: 0 };
      await desk.accepted(`replies/${id}/replace`, { expectedRevision: revision, text: 'Every day, gladly.' });
      const worker = await stack().startWorker({ crashAt: { ...point, commentId } });
      await until(`the crash ${point.when} ${point.statement}`, soonMs, () => worker.hasEnded());
    }
    await stack().startWorker();
    for (const { commentId } of replaced) {
      await desk.untilShown(commentId, ['Every day, gladly.'], afterCrashMs);
      expect(await desk.states(commentId)).toEqual(['removed', 'sent']);
    }
  });

  it('around each statement of a deletion leave nothing', async () => {
    const those = points.filter(({ statement }) => !/'sending'|'sent'/.test(statement));
    const answered = await Promise.all(those.map(async () => await desk.answered(question, 'Every day.')));
    await stack().endWorkers('SIGTERM');
    for (const [index, point] of those.entries()) {
      const { commentId, id, revision } = answered[index] ?? { commentId: '', id: '', revision: 0 };
      await desk.accepted(`replies/${id}/delete`, { expectedRevision: revision });
      const worker = await stack().startWorker({ crashAt: { ...point, commentId } });
      await until(`the crash ${point.when} ${point.statement}`, soonMs, () => worker.hasEnded());
    }
    await stack().startWorker();
    for (const { commentId } of answered) {
      await desk.untilShown(commentId, [], afterCrashMs);
      expect(await desk.states(commentId)).toEqual(['removed']);
    }
  });

  it('over a decision leave a draft that is approved by the same request later, once', async () => {
    const crashes: readonly CrashPoint[] = [
      { when: 'after', statement: 'INSERT INTO takeovers' },
      { when: 'before', statement: 'INSERT INTO reply_actions' },
      { when: 'sent', statement: 'INSERT INTO reply_actions' },
      { when: 'after', statement: 'INSERT INTO reply_actions' },
    ];
    for (const crashAt of crashes) {
      const { id, revision, comment, text } = await desk.question(question);
      await stack().endApis('SIGTERM');
      const api = await stack().startApi({ crashAt });
      const request = { expectedRevision: revision, requestId: 'the-same' };
      await expect(desk.ask(`replies/${id}/approve`, request)).rejects.toThrow(/fetch failed|terminated/);
      await until('the end of the api', soonMs, () => api.hasEnded());
      await stack().startApi();
      await desk.accepted(`replies/${id}/approve`, request);
      await stack().untilFinal([comment.id], soonMs);
      expect([await stack().vendors.thread(comment.id), await stack().vendors.replyCalls(comment.id)]).toEqual([
        [text],
        1,
      ]);
    }
  });
});
