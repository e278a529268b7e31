import { describe, expect, it } from 'vitest';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const urgent = 1_000;
const perMinute = 18;
const heading = /<b>(\d+) comments need a look<\/b>/u;

const stack = stackForThisFile({ workers: 2, environment: { TG_MESSAGES_PER_MINUTE: String(perMinute) } });

interface Message {
  readonly at: number;
  readonly text: string;
}

/** What the chat took; what it refused is not there. */
async function messages(): Promise<readonly Message[]> {
  const sent = await stack().vendors.ledger({ vendor: 'telegram', call: 'send-message' });
  return sent.filter(({ status }) => status === 200).map(({ at, request }) => ({ at, text: textOf(request) }));
}

function textOf(request: unknown): string {
  return typeof request === 'object' && request !== null && 'text' in request ? String(request.text) : '';
}

/** How many comments a message is about; none when it is about the system. */
function commentsIn({ text }: Message): number {
  const many = heading.exec(text)?.[1];
  if (many !== undefined) return Number(many);
  return text.includes('urgent issue') ? 1 : 0;
}

// PE-3
describe('a storm of urgent comments', { timeout: 600_000 }, () => {
  it('is told in few messages that count every comment once, whatever the chat refuses in between', async () => {
    const { vendors } = stack();
    await vendors.fault({ vendor: 'telegram', times: 2, effect: { kind: 'status', status: 429 } }); // retry_after: 3
    const ids = await vendors.comments('My order {n} never arrived, I want my money back immediately!', {
      count: urgent,
    });
    await stack().untilFinal(ids, 500_000);
    await until('all to be told', 60_000, async () => {
      const [row] = await stack().sql<{ waiting: number }>(
        `SELECT count(*)::integer AS waiting FROM alerts WHERE state <> 'told'`,
      );
      return row?.waiting === 0;
    });
    const all = await messages();
    const counted = all.reduce((sum, message) => sum + commentsIn(message), 0);
    process.stdout.write(`${urgent} urgent comments: ${all.length} messages, ${counted} comments counted in them\n`);
    expect(counted).toBe(urgent);
    for (const { at } of all) {
      expect(all.filter((other) => other.at >= at && other.at < at + 60_000).length).toBeLessThanOrEqual(perMinute);
    }
    const told = await stack().sql<{ told: number }>(
      `SELECT count(*)::integer AS told FROM decisions WHERE reason = 'operators-told' GROUP BY comment_id`,
    );
    expect(told).toHaveLength(urgent);
    expect(told.every((row) => row.told === 1)).toBe(true);
  });

  it('that died with the worker in the middle of its message is told whole again, and says that it may be known', async () => {
    const { vendors } = stack();
    const before = (await messages()).length;
    await stack().endWorkers('SIGTERM');
    const ids = await vendors.comments('My order {n} never arrived, I want my money back right now!', {
      count: 30,
    });
    const dying = await stack().startWorker({ crashAt: { when: 'after', statement: 'AS found_in' } });
    await until('the crash', 120_000, () => dying.hasEnded());
    await stack().startWorker();
    await stack().untilFinal(ids, 200_000);
    const since = (await messages()).slice(before);
    expect(since.reduce((sum, message) => sum + commentsIn(message), 0)).toBeGreaterThanOrEqual(ids.length);
    expect(since.some(({ text }) => text.includes('You may have seen some of these already'))).toBe(true);
    const left = await stack().sql(`SELECT id FROM alerts WHERE state <> 'told'`);
    expect(left).toEqual([]);
  });
});
