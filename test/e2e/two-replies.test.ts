import { expect, it } from 'vitest';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const question = 'Hi! How much is delivery?';
/** Stands in the answer, whose echo nobody hears. */
const answered = '250 ₽';

const stack = stackForThisFile({ workers: 1 });

async function workerKilled(id: string, when: 'before' | 'after', statement: string): Promise<void> {
  const worker = await stack().startWorker({ crashAt: { when, statement } });
  await until(`the crash ${when} ${statement}`, 60_000, async () => {
    await stack().hastenReplies(id);
    return worker.hasEnded();
  });
}

// AN-8, reliability "Reply protocol" 6
it(
  'a second reply that nobody could prevent is taken away, also when workers die over it',
  { timeout: 300_000 },
  async () => {
    const { vendors } = stack();
    const lost = { kind: 'reset' };
    await vendors.fault({ vendor: 'webhook', match: { text: answered }, times: 0, effect: lost });
    // The first reply goes out, its answer is lost, and the platform hides it from each of the protocol's three looks.
    await vendors.fault({
      vendor: 'instagram',
      call: 'reply',
      match: { text: answered },
      effect: { kind: 'do-then-reset' },
    });
    const lag = { kind: 'lag', ms: 3_600_000 };
    await vendors.fault({ vendor: 'instagram', call: 'list-replies', times: 3, effect: lag });
    const id = await vendors.comment(question);
    await until('the second reply', 120_000, async () => {
      await stack().hastenReplies(id);
      return (await stack().reasonsOf(id)).includes('reply-sent');
    });
    await stack().endWorkers('SIGTERM');
    expect(await vendors.thread(id)).toHaveLength(2);
    expect(await vendors.replyCalls(id)).toBe(2);
    const [standing] = await vendors.threadIds(id);

    await workerKilled(id, 'after', 'SET extra_reply_id'); // noted, and not removed
    expect(await vendors.thread(id)).toHaveLength(2);
    await workerKilled(id, 'before', 'SET audit_due_at = NULL'); // removed, and not noted
    expect(await vendors.threadIds(id)).toEqual([standing]);
    await stack().startWorker();
    await until('the end of the audit', 60_000, async () => {
      await stack().hastenReplies(id);
      return (await stack().reasonsOf(id)).includes('second-reply-removed');
    });

    expect(await vendors.threadIds(id)).toEqual([standing]);
    expect(await vendors.replyCalls(id)).toBe(2);
    expect((await stack().reasonsOf(id)).filter((reason) => /two-replies|second-reply/.test(reason))).toEqual([
      'two-replies-found',
      'second-reply-removed',
    ]);
    expect(await stack().sql('SELECT platform_reply_id FROM replies WHERE comment_id = $1', [id])).toEqual([
      { platform_reply_id: standing },
    ]);
    const incidents = await stack().sql('SELECT kind, subject, closed_at IS NOT NULL AS over FROM incidents');
    expect(incidents).toEqual([{ kind: 'two-replies', subject: id, over: true }]);
  },
);
