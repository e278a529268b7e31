import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import type { GraphComment } from '../../apps/sandbox/src/world.js';
import { rawComment } from '../support/raw-comments.js';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const counts = {
  // SPENDING_COMMENTS=10000 and SPENDING_AUTHORS=1000 are the figures of the promise, for a machine with some minutes.
  troll: Number(process.env['SPENDING_COMMENTS'] ?? 1_500),
  others: Number(process.env['SPENDING_AUTHORS'] ?? 150),
};
const enoughMs = 900_000;
const perDelivery = 1_000;
const microsPerDollar = 1_000_000;
const accountId = '17841400000000021';

const stack = stackForThisFile({ workers: 2 });

const budgetView = z.object({
  accountId: z.string(),
  author: z.number(),
  today: z.object({ spent: z.number(), percent: z.number(), refusedCalls: z.number(), stoppedAuthors: z.number() }),
});
const usageView = z.object({
  total: z.object({ calls: z.number(), failed: z.number(), inputTokens: z.number(), dollars: z.number() }),
  rows: z.array(z.object({ task: z.string(), model: z.string(), calls: z.number() })),
});

/** No two alike: equal comments are understood once. */
const from = (wave: number, count: number, author: (number: number) => string): readonly GraphComment[] =>
  Array.from({ length: count }, (_, number) => ({
    ...rawComment(
      `18${wave}${String(number).padStart(8, '0')}`,
      `The best rye bread of my life, thank you! ${wave} ${number}`,
    ),
    authorId: author(number),
    username: `guest.${author(number).slice(-6)}`,
  }));

async function deliver(comments: readonly GraphComment[]): Promise<void> {
  for (let at = 0; at < comments.length; at += perDelivery) {
    expect(await stack().deliver(comments.slice(at, at + perDelivery))).toBe(200);
  }
}

async function incidents(kind: string): Promise<number> {
  return (await stack().sql('SELECT 1 FROM incidents WHERE kind = $1', [kind])).length;
}

const servedAccount = async (): Promise<string> =>
  (await stack().sql<{ id: string }>('SELECT id FROM accounts'))[0]?.id ?? accountId;

describe('one author who never stops', { timeout: 2 * enoughMs }, () => {
  // CL-5, audit 34
  it('costs no more than the cap while everybody else is served, and operators are told once', async () => {
    const account = await servedAccount();
    const cap = 0.02;
    const set = await stack().admin('PUT', `accounts/${account}/budget`, { author: cap });
    expect(set).toMatchObject({ status: 200, body: { author: cap } });
    const troll = from(7001, counts.troll, () => '10000000000000666');
    const others = from(7002, counts.others, (number) => String(20_000_000_000_000_000n + BigInt(number)));
    await deliver(troll);
    await deliver(others);
    const idsOf = (comments: readonly GraphComment[]): readonly string[] => comments.map(({ id }) => id);
    await stack().untilFinal(idsOf([...troll, ...others]), enoughMs);

    // Each of the others was understood, none of them left to a person.
    const [served] = await stack().sql<{ count: number }>(
      `SELECT count(*)::int AS count FROM comments WHERE id = ANY ($1) AND class IS NOT NULL`,
      [idsOf(others)],
    );
    expect(served?.count).toBe(counts.others);

    // What was asked about the troll is what the vendor saw, and is worth no more than the cap.
    const [paid] = await stack().sql<{ calls: number; micros: number; under_way: number }>(
      `SELECT count(*)::int AS calls, sum(micros)::int AS micros, count(*) FILTER (WHERE outcome IS NULL)::int AS under_way
         FROM model_calls WHERE comment_id = ANY ($1)`,
      [idsOf(troll)],
    );
    expect(paid?.under_way).toBe(0);
    expect(paid?.micros).toBeLessThanOrEqual(cap * microsPerDollar);
    expect(paid?.micros).toBeGreaterThan(cap * microsPerDollar * 0.9);
    const asked = (await stack().vendors.ledger({ vendor: 'openai' })).filter(({ target }) =>
      target.includes('! 7001 '),
    );
    expect(asked).toHaveLength(paid?.calls ?? -1);

    // The rest waits for a person, and says why.
    const [left] = await stack().sql<{ count: number }>(
      `SELECT count(DISTINCT comment_id)::int AS count FROM decisions
        WHERE comment_id = ANY ($1) AND reason = 'over-budget-author'`,
      [idsOf(troll)],
    );
    expect(left?.count).toBe(counts.troll - (paid?.calls ?? 0));
    expect(await stack().sql('SELECT 1 FROM comments WHERE stage = $1', ['parked'])).toEqual([]);

    await until('the notice', 30_000, async () => (await incidents('author-budget-spent')) === 1);
    await until('the message', 30_000, async () => (await stack().vendors.alertsWith('One author or several')) > 0);
    expect(await stack().vendors.alertsWith('One author or several')).toBe(1);
    expect(await incidents('budget-spent')).toBe(0);
    process.stdout.write(
      `  an author with ${counts.troll} comments: ${paid?.calls} calls, ${(paid?.micros ?? 0) / microsPerDollar} dollars of ${cap}; ` +
        `${left?.count} left to a person; ${served?.count} of ${counts.others} others served\n`,
    );
  });

  it('is seen in the report, with every call that was made', async () => {
    const answer = await stack().admin('GET', 'usage?by=task,model');
    const { total, rows } = usageView.parse(answer.body);
    const calls = (await stack().vendors.ledger({ vendor: 'openai' })).filter(({ call }) => call !== 'model');
    expect(total.calls).toBe(calls.length);
    expect(rows.map(({ task, model }) => `${task} ${model}`).toSorted()).toEqual([
      'classification gpt-6-luna',
      'embed text-embedding-3-small',
      'vision gpt-6-luna',
    ]);
    const [sums] = await stack().sql<{ micros: number }>('SELECT sum(micros)::int AS micros FROM model_calls');
    expect(Math.round(total.dollars * microsPerDollar)).toBe(sums?.micros);
  });
});

describe('an account that spends', { timeout: enoughMs }, () => {
  // CL-5: 70 % a warning, once, however many workers see it and start again
  it('is warned of once at 70 %, and at 100 % comments are left to people, without a call and without silence', async () => {
    const account = await servedAccount();
    const view = async (): Promise<z.output<typeof budgetView>> =>
      budgetView.parse((await stack().admin('GET', `accounts/${account}/budget`)).body);
    const { spent } = (await view()).today;
    expect(await incidents('budget-nearly-spent')).toBe(0);
    await stack().admin('PUT', `accounts/${account}/budget`, { account: Number((spent / 0.75).toFixed(6)) });
    await until('the warning', 30_000, async () => (await incidents('budget-nearly-spent')) > 0);
    await stack().endWorkers('SIGKILL');
    await Promise.all([stack().startWorker(), stack().startWorker()]);
    await until('the message', 30_000, async () => (await stack().vendors.alertsWith('has spent 70 %')) > 0);

    await stack().admin('PUT', `accounts/${account}/budget`, { account: spent });
    const known = (await stack().vendors.ledger({ vendor: 'openai' })).length;
    const late = from(7003, 40, (number) => String(30_000_000_000_000_000n + BigInt(number)));
    await deliver(late);
    await stack().untilFinal(
      late.map(({ id }) => id),
      enoughMs,
    );
    for (const { id } of [late[0], late[39]].filter((one) => one !== undefined)) {
      const way = await stack().decisions(id);
      expect(way?.decisions.map(({ reason }) => reason)).toContain('over-budget-account');
    }
    const asked = (await stack().vendors.ledger({ vendor: 'openai' })).slice(known);
    expect(asked.filter(({ call }) => call !== 'model')).toEqual([]);
    await until('the notice', 30_000, async () => (await stack().vendors.alertsWith('has spent its money')) > 0);
    expect(await stack().vendors.alertsWith('has spent its money')).toBe(1);
    expect(await stack().vendors.alertsWith('has spent 70 %')).toBe(1);
    expect([await incidents('budget-nearly-spent'), await incidents('budget-spent')]).toEqual([1, 1]);
    expect((await view()).today.percent).toBe(100);

    // More money is there at once, and the next comment is understood again.
    await stack().admin('PUT', `accounts/${account}/budget`, {});
    const [next] = from(7004, 1, () => '40000000000000001');
    await deliver(next ? [next] : []);
    await stack().untilFinal([next?.id ?? ''], 60_000);
    expect(await stack().reasonsOf(next?.id ?? '')).toContain('classified');
  });
});

describe('a worker whose settings name models that end, or have ended', { timeout: enoughMs }, () => {
  // CL-8
  it('starts, says so once, and lets the next model of the list do the work', async () => {
    const { vendors } = stack();
    await stack().endWorkers('SIGTERM');
    const inTenDays = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
    const body = { id: 'gpt-6-luna', object: 'model', shutdown_date: inTenDays };
    const effect = { kind: 'status', status: 200, body } as const;
    await vendors.fault({ vendor: 'openai', call: 'model', match: { target: 'gpt-6-luna' }, times: 0, effect });
    const environment = { OPENAI_MODEL_CLASSIFICATION: 'retired-model,gpt-6-luna' };
    await Promise.all([stack().startWorker({ environment }), stack().startWorker({ environment })]);
    await until('both notices', 30_000, async () => {
      return (await incidents('model-missing')) === 1 && (await incidents('model-retiring')) === 1;
    });
    expect(await stack().sql(`SELECT subject FROM incidents WHERE kind LIKE 'model-%' ORDER BY kind`)).toEqual([
      { subject: 'retired-model' },
      { subject: 'gpt-6-luna, within 30 days' },
    ]);

    const id = await vendors.comment('Thank you for a wonderful morning with your croissants!');
    await stack().untilFinal([id], 60_000);
    const tried = await stack().sql(
      `SELECT model, outcome FROM model_calls WHERE comment_id = $1 AND task = 'classification' ORDER BY id`,
      [id],
    );
    expect(tried).toEqual([
      { model: 'retired-model', outcome: 'failed' },
      { model: 'gpt-6-luna', outcome: 'ok' },
    ]);
    expect(await stack().sql('SELECT model FROM comments WHERE id = $1', [id])).toEqual([{ model: 'gpt-6-luna' }]);
  });
});
