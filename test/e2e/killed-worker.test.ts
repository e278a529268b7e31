import { beforeAll, describe, expect, it } from 'vitest';
import { rawComment } from '../support/raw-comments.js';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const insult = 'You are all scum and idiots, go to hell';
const complaint = 'Our birthday cake never arrived, the party is in an hour. Where is my order?';

// Statements of libs/infrastructure/src/postgres: if one is worded anew, its crash never happens and the test says so.
const points = {
  claimed: { when: 'after', statement: 'SET epoch = epoch + 1, owner' },
  classified: { when: 'after', statement: `UPDATE comments SET stage = 'acting', class` },
  drafted: { when: 'after', statement: `UPDATE replies SET state = 'drafted'` },
  markedSending: { when: 'after', statement: `UPDATE replies SET state = 'sending'` },
  sentNotRecorded: { when: 'before', statement: `UPDATE replies SET state = 'sent'` },
  hiddenNotRecorded: { when: 'before', statement: `UPDATE moderations SET state = 'done'` },
  toldNotRecorded: { when: 'before', statement: `UPDATE alerts SET state = 'told'` },
} as const;
type Point = keyof typeof points;

/** Until the queue notices that a job's worker is gone: its lock (60 s), and one or two looks at the locks. */
const deadJobIsFoundMs = 120_000;
/** A lease (30 s), three looks over two minutes, and a lane that is busy. */
const resendIsAllowedMs = 240_000;

const stack = stackForThisFile({ workers: 0 });

describe('the api killed between the stored comment and the bell', () => {
  it('costs the comment nothing: the sweep rings', async () => {
    const { vendors } = stack();
    const text = 'Can the bread be frozen?';
    await vendors.fault({ vendor: 'webhook', match: { text }, effect: { kind: 'reset' } });
    const id = await vendors.comment(text);
    await stack().endApis('SIGKILL');

    const api = await stack().startApi({ crashAt: { when: 'after', statement: 'INSERT INTO deliveries' } });
    expect(await stack().deliver([rawComment(id, text)])).toBeUndefined();
    expect(await api.ended).toMatchObject({ text: 'SIGKILL' });

    await stack().startApi();
    await stack().startWorker();
    await stack().untilFinal([id], 30_000);
    expect(await vendors.thread(id)).toHaveLength(1);
    await stack().endWorkers('SIGTERM');
  });
});

describe('a worker killed with SIGKILL in the middle of its work', { timeout: 300_000 }, () => {
  const victims = {
    claimed: '',
    classified: '',
    drafted: '',
    markedSending: '',
    sent: '',
    echoLost: '',
    hidden: '',
    told: '',
  };

  /**
   * A worker of its own dies at this point of one comment's way, and nobody works until the next one is started.
   * @returns the comment's id
   */
  async function killAt(point: Point, text: string, repliesByThen: number): Promise<string> {
    const { vendors } = stack();
    const commentId = await vendors.comment(text);
    const worker = await stack().startWorker({ crashAt: { ...points[point], commentId } });
    await until(`the crash at ${point}`, 60_000, () => worker.hasEnded());
    expect(await worker.ended).toMatchObject({ text: 'SIGKILL' });
    expect(await vendors.replyCalls(commentId), `replies sent when killed at ${point}`).toBe(repliesByThen);
    return commentId;
  }

  // Those whose row stays leased for half a minute come first, so that the next worker leaves them alone.
  beforeAll(async () => {
    const { vendors } = stack();
    victims.claimed = await killAt('claimed', 'Hi! How much is delivery?', 0);
    victims.markedSending = await killAt('markedSending', 'Is the rye bread vegan?', 0);
    await vendors.fault({ vendor: 'webhook', match: { text: 'Gift cards come' }, times: 0, effect: { kind: 'reset' } });
    victims.echoLost = await killAt('sentNotRecorded', 'do you sell gift cards', 1);
    victims.sent = await killAt('sentNotRecorded', 'Are you open on Sunday?', 1);
    victims.hidden = await killAt('hiddenNotRecorded', insult, 0);
    victims.told = await killAt('toldNotRecorded', complaint, 0);
    victims.drafted = await killAt('drafted', 'What is the price of the honey cake?', 0);
    // The next worker also finishes the drafted one; it shall have done so before it dies over this one.
    const text = 'Where is the second shop located?';
    await vendors.fault({ vendor: 'openai', match: { text }, effect: { kind: 'delay', ms: 2_000 } });
    victims.classified = await killAt('classified', text, 0);
    await stack().startWorker();
  }, 180_000);

  it.each(['drafted', 'classified', 'claimed'] as const)(
    'after a comment was %s: it is answered, once',
    async (point) => {
      const id = victims[point];
      await stack().untilFinal([id], deadJobIsFoundMs);
      expect(await stack().vendors.thread(id)).toHaveLength(1);
      expect(await stack().vendors.replyCalls(id)).toBe(1);
    },
  );

  it('after a reply was sent but not recorded: its echo tells, and nothing is sent again', async () => {
    const id = victims.sent;
    await stack().untilFinal([id], deadJobIsFoundMs);
    expect(await stack().vendors.thread(id)).toHaveLength(1);
    expect(await stack().vendors.replyCalls(id)).toBe(1);
  });

  it('after a reply was sent but not recorded, and its echo was lost: the thread tells', async () => {
    const id = victims.echoLost;
    await stack().untilFinal([id], deadJobIsFoundMs);
    expect(await stack().vendors.thread(id)).toHaveLength(1);
    expect(await stack().vendors.replyCalls(id)).toBe(1);
    expect((await stack().decisions(id))?.decisions).toContainEqual(
      expect.objectContaining({ reason: 'reply-found-by-listing' }),
    );
  });

  it('after a comment was hidden but not recorded: it is hidden, and known to be', async () => {
    const id = victims.hidden;
    await stack().untilFinal([id], deadJobIsFoundMs);
    expect(await stack().vendors.isHidden(id)).toBe(true);
    expect((await stack().decisions(id))?.comment).toMatchObject({ hidden: true, outcome: 'hidden' });
  });

  it('after operators were told but not recorded: they are told, at most once more, and why', async () => {
    const id = victims.told;
    await stack().untilFinal([id], deadJobIsFoundMs);
    // Telegram cannot be asked whether a message arrived: told twice is better than not told.
    expect(await stack().vendors.alertsWith('party is in an hour')).toBe(2);
    expect(await stack().vendors.alertsWith('You may have seen this already')).toBe(1);
  });

  it('after a reply was marked as sending and never sent: after three looks it is sent, once', async () => {
    const id = victims.markedSending;
    await stack().untilFinal([id], resendIsAllowedMs);
    expect(await stack().vendors.thread(id)).toHaveLength(1);
    expect(await stack().vendors.replyCalls(id)).toBe(1);
    expect((await stack().decisions(id))?.decisions).toContainEqual(
      expect.objectContaining({ reason: 'reply-send-again' }),
    );
  });
});
