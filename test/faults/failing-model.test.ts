import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../support/until.js';
import type { LedgerEntry } from '../support/vendors.js';
import { onlyPraise, onlyQuestions, writeComments, type Customer } from './support/customers.js';
import { sized } from './support/form.js';
import { expectPromiseKept, plantForThisFile, report } from './support/scenario.js';

const workers = 2;
const plant = plantForThisFile({ apis: 1, workers });

afterEach(async () => await plant().vendors.clearFaults());

/** What a model was asked, of one task or of all; that a model is asked after (`model`) costs nothing. */
async function calls(task?: string): Promise<readonly LedgerEntry[]> {
  const all = await plant().vendors.ledger({ vendor: 'openai', ...(task !== undefined && { call: task }) });
  return all.filter(({ call }) => call !== 'model');
}

async function deliver(customers: readonly Customer[]): Promise<void> {
  await plant().meta.send(
    customers.map(({ comment }) => [comment]),
    8,
  );
}

/** Waits until the model gets no calls for a while. @returns how many it got in all */
async function untilSilent(task?: string): Promise<number> {
  let seen = -1;
  let quiet = 0;
  return await until('a model that nobody calls', 60_000, async () => {
    const now = (await calls(task)).length;
    quiet = now === seen ? quiet + 1 : 0;
    seen = now;
    return quiet >= 20 ? now : undefined; // two seconds of looks
  });
}

describe('a model that fails', () => {
  // T17, audit 27, 29. Per worker: a third of ten calls opens the circuit, and what is on its way then may still fail. Each
  // task has a circuit of its own.
  it('is called a few times, then now and then once by each worker, and costs no comment a try that was not made', async () => {
    const before = (await calls('classify')).length;
    await plant().vendors.fault({ vendor: 'openai', times: 0, effect: { kind: 'status', status: 500 } });
    const customers = await writeComments(plant().vendors, 200, onlyPraise);
    await deliver(customers);
    const untilOpen = (await untilSilent('classify')) - before;
    expect(untilOpen).toBeLessThanOrEqual(workers * 15);

    // The next probe of each worker: one call, and the circuit stays open.
    await until('a probe', 60_000, async () => (await calls('classify')).length > before + untilOpen);
    const probes = (await untilSilent('classify')) - before - untilOpen;
    expect(probes).toBeLessThanOrEqual(workers);
    const [row] = await plant().stack.sql<{ tries: number }>(
      'SELECT sum(attempts)::int AS tries FROM comments WHERE id = ANY ($1)',
      [customers.map(({ comment }) => comment.id)],
    );
    expect(row?.tries).toBeLessThanOrEqual(untilOpen + probes);

    await plant().vendors.clearFaults();
    await plant().drain(300_000);
    expect((await plant().reasons('parked-tries-used-up'))['parked-tries-used-up']).toBeUndefined();
    report('failing model', { comments: customers.length, 'calls until open': untilOpen, probes, tries: row?.tries });
  });

  // T18, audit 24, K7
  it('and says how long to wait is left alone for that long, by every worker', async () => {
    const waitS = 15;
    const effect = { kind: 'status', status: 429, headers: { 'retry-after': String(waitS) } };
    await plant().vendors.fault({ vendor: 'openai', call: 'classify', effect });
    const customers = await writeComments(plant().vendors, 60, onlyPraise);
    await deliver(customers);
    await plant().drain(120_000);
    const all = await calls('classify');
    const refused = all.find(({ status }) => status === 429);
    const after = all.filter(({ seq }) => seq > (refused?.seq ?? 0)).map(({ at }) => at);
    const gaps = after.map((at, index) => at - (after[index - 1] ?? refused?.at ?? 0));
    // Calls that were on their way already come at once; then nobody calls for as long as was asked.
    const pause = Math.max(...gaps);
    report('asked to wait', { asked: `${waitS} s`, waited: `${(pause / 1_000).toFixed(1)} s` });
    expect(pause).toBeGreaterThan(waitS * 900);
  });
});

describe('a model that answers nonsense', () => {
  const nonsense = {
    'is no JSON': '{"class": "question / inq',
    'is wrapped in markup': '```json\n{"class":"positive feedback","confidence":90,"reason":"r","language":"en"}\n```',
    'has fields nobody asked for':
      '{"class":"positive feedback","confidence":90,"reason":"r","language":"en","tool":"delete"}',
    'names a class that does not exist': '{"class":"delete","confidence":90,"reason":"r","language":"en"}',
    'is not sure in numbers': '{"class":"positive feedback","confidence":"NaN","reason":"r","language":"en"}',
    'is empty': '',
    'is far too long': `{"class":"positive feedback","confidence":90,"reason":"${'x'.repeat(3_000_000)}","language":"en"}`,
    'is a list': '[]',
    'calls a tool': '{"tool_calls":[{"name":"reply","arguments":{"text":"hi"}}]}',
    'is a number': '17',
  };

  // T18, audit 30: no shape of answer leads to anything that customers see, or stops the others.
  it('leads to nothing that customers see, and the others go on', async () => {
    const texts = Object.entries(nonsense).map(([name, output]) => ({
      text: `How much is delivery when the answer ${name}?`,
      output,
    }));
    for (const { text, output } of texts) {
      const match = { text };
      await plant().vendors.fault({
        vendor: 'openai',
        call: 'classify',
        match,
        times: 0,
        effect: { kind: 'output', text: output },
      });
    }
    const refused = 'How much is delivery when the model refuses?';
    const cut = 'How much is delivery when the model is cut off?';
    await plant().vendors.fault({ vendor: 'openai', match: { text: refused }, times: 0, effect: { kind: 'refusal' } });
    await plant().vendors.fault({ vendor: 'openai', match: { text: cut }, times: 0, effect: { kind: 'incomplete' } });
    const bad = [];
    for (const text of [...texts.map((each) => each.text), refused, cut])
      bad.push(...(await plant().vendors.write(text, 1)));
    const good = await writeComments(plant().vendors, 5, onlyQuestions);
    await plant().meta.send([bad, good.map(({ comment }) => comment)], 2);
    await plant().drain(180_000);
    expectPromiseKept(await plant().judge(good));
    const replies = await Promise.all(bad.map(async ({ id }) => await plant().vendors.thread(id)));
    expect(replies.filter((thread) => thread.length > 0)).toEqual([]);
  });
});

function mostInAMinute(made: readonly { readonly at: number }[]): number {
  return Math.max(0, ...made.map((from) => made.filter(({ at }) => at >= from.at && at < from.at + 60_000).length));
}

describe('a limit of ours on the model', () => {
  // T18, audit 25: three workers, and never more than allowed in any minute.
  it('is kept by all workers together, in every stretch of a minute', async () => {
    await plant().endWorkers();
    const { perMinute, questions } = sized({ perMinute: 30, questions: 20 }, { perMinute: 300, questions: 300 });
    const environment = { OPENAI_RPM: String(perMinute) };
    for (let worker = 0; worker < 3; worker += 1) await plant().addWorker({ environment });
    const before = (await calls()).length;
    const customers = await writeComments(plant().vendors, questions, onlyQuestions);
    await deliver(customers);
    await plant().drain(420_000);
    const made = (await calls()).slice(before);
    // Vectors have a limit of their own, which is as large: vendors count each model apart.
    const vectors = mostInAMinute(made.filter(({ call }) => call === 'embed'));
    const most = mostInAMinute(made.filter(({ call }) => call !== 'embed'));
    report('a limit on the model', { perMinute, calls: made.length, 'most in any minute': most, vectors });
    expect(made.length).toBeGreaterThanOrEqual(customers.length * 2);
    expect(most).toBeLessThanOrEqual(perMinute);
    expect(vectors).toBeLessThanOrEqual(perMinute);
    expectPromiseKept(await plant().judge(customers));
  });
});

// Last: nobody asks again for a while afterwards.
describe('a model that must be paid', () => {
  // T18: "billing 429 stops calls in at most one call per worker and alerts once"
  it('is not called again, and operators hear of it once', async () => {
    await plant().endWorkers();
    for (let worker = 0; worker < workers; worker += 1) await plant().addWorker();
    const body = {
      error: {
        message: 'You exceeded your current quota.',
        type: 'insufficient_quota',
        param: null,
        code: 'insufficient_quota',
      },
    };
    const before = (await calls()).length;
    await plant().vendors.fault({ vendor: 'openai', times: 0, effect: { kind: 'status', status: 429, body } });
    await deliver(await writeComments(plant().vendors, 100, onlyPraise));
    const made = (await untilSilent()) - before;
    const told = async (): Promise<number> => await plant().vendors.alertsWith('quota');
    await until('a message to operators', 60_000, async () => (await told()) > 0);
    report('money used up', { calls: made, messages: await told() });
    // Workers that have just started: the first call of each, and nothing after that.
    expect(made).toBeLessThanOrEqual(workers);
    expect(await told()).toBe(1);
  });
});
