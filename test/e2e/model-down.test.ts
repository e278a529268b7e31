import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { initialSettings, type PolicySettings } from '#domain/policies/settings.js';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

/** A circuit's pause, half a minute until it is told, a quiet minute until it is over, and a busy machine. */
const soonMs = 240_000;
const many = 60;
const workers = 2;
/** As `GET /incidents` shows them. */
const incidentList = z.object({
  incidents: z.array(z.object({ kind: z.string(), detail: z.record(z.string(), z.union([z.string(), z.number()])) })),
});

const stack = stackForThisFile({ workers });

/** What operators were told about the system itself: messages with the sign of a beginning or of an end. */
async function notices(): Promise<readonly string[]> {
  const sent = await stack().vendors.ledger({ vendor: 'telegram', call: 'send-message' });
  return sent
    .filter(({ status }) => status === 200)
    .map(({ request }) => z.looseObject({ text: z.string() }).parse(request).text)
    .filter((text) => /^(?:\u26A0\uFE0F|\u2705)/u.test(text));
}

async function figures(): Promise<Readonly<Record<string, string | number>>> {
  const { incidents } = incidentList.parse((await stack().admin('GET', 'incidents')).body);
  expect(incidents.map(({ kind }) => kind)).toEqual(['upstream-away']);
  return incidents[0]?.detail ?? {};
}

/** An hour later, for everything that is kept: comments, their next tries, and the book. */
async function passAnHour(): Promise<void> {
  await stack().sql(`UPDATE comments SET received_at = received_at - interval '1 hour' WHERE stage = 'received'`);
  await stack().sql(
    `UPDATE comments SET due_at = due_at - interval '1 hour' WHERE due_at IS NOT NULL AND lease_until IS NULL`,
  );
  await stack().sql(`UPDATE incidents SET opened_at = opened_at - interval '1 hour'`);
}

// CL-6, audit 29, audit 4
describe(`a model that is down for an hour, with ${workers} workers`, { timeout: 600_000 }, () => {
  it('costs no comment; rules act; operators are told once, with what waits and how long, and once that it is over', async () => {
    const { vendors } = stack();
    const [account] = await stack().sql<{ id: string }>('SELECT id FROM accounts');
    const settings: PolicySettings = {
      ...initialSettings,
      rules: [{ name: 'slurs', when: { words: ['bakerscum'] }, do: { hide: 'now' } }],
    };
    await stack().sql(
      `INSERT INTO policies (account_id, version, settings, changed_by) VALUES ($1, 1, $2, 'operator')`,
      [account?.id, JSON.stringify(settings)],
    );
    await vendors.fault({ vendor: 'openai', times: 0, effect: { kind: 'status', status: 500 } });
    const waiting = await vendors.comments('Best croissants I have ever had, thank you! {n}', { count: many });
    const ruled = await vendors.comment('You bakerscum, all of you');

    await stack().untilFinal([ruled], soonMs);
    expect(await vendors.isHidden(ruled)).toBe(true);
    await until('a message to operators', soonMs, async () => (await notices()).length > 0);
    expect(await figures()).toMatchObject({ 'comments waiting': many });

    await passAnHour();
    const passed = Date.now();
    const detail = await until('the age of an hour', soonMs, async () => {
      const now = await figures();
      return /^6\d min$/u.test(String(now['oldest waits'])) && now;
    });
    // Each worker looks for an old backlog every half minute, with a tenth of jitter: it has done so when the model was probed later.
    await until('a probe after every worker\u2019s look', soonMs, async () => {
      const calls = await vendors.ledger({ vendor: 'openai' });
      return (calls.at(-1)?.at ?? 0) > passed + 40_000;
    });
    const stages = await stack().sql(
      `SELECT stage, count(*)::int AS comments FROM comments WHERE id = ANY ($1) GROUP BY stage`,
      [waiting],
    );
    expect(stages).toEqual([{ stage: 'received', comments: many }]);

    await vendors.clearFaults();
    await stack().untilFinal(waiting, soonMs);
    await until('the word that it is over', soonMs, async () => (await notices()).length > 1);
    const [began = '', over = '', ...more] = await notices();
    expect(more).toEqual([]);
    expect(began).toContain('A vendor fails again and again');
    expect(began).toMatch(/comments waiting: \d+/u);
    expect(began).toMatch(/oldest waits: \d+ (?:s|min)/u);
    expect(over).toMatch(/is over, after 6\d min/u);
    expect(over).toMatch(/\d+ comments had gathered, the oldest waited \d+ min/u);

    const outcomes = await stack().sql(
      `SELECT outcome, class, count(*)::int AS comments FROM comments WHERE id = ANY ($1) GROUP BY outcome, class`,
      [waiting],
    );
    expect(outcomes).toEqual([{ outcome: 'left-alone', class: 'positive', comments: many }]);
    process.stdout.write(`told: ${JSON.stringify(detail)}\n${began}\n${over}\n`);
  });
});
