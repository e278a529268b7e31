import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Program } from '../support/program.js';
import { Seeded } from '../support/seeded.js';
import { until } from '../support/until.js';
import { Crowd } from './support/crowd.js';
import { counted, sized } from './support/form.js';
import { chanceOf, expectPromiseKept, plantForThisFile, report, say } from './support/scenario.js';
import { illnesses, SickLink } from './support/sick-link.js';

const links = [
  'api to PostgreSQL',
  'worker to PostgreSQL',
  'worker to Redis',
  'worker to Instagram',
  'worker to others',
];
const workers = 5;
/** What is still in doubt afterwards is looked for over two minutes; what failed waits for its next try. */
const drainedWithinMs = sized(420_000, 2_700_000);

const plant = plantForThisFile({ workers: 0 });
const network = new Map<string, SickLink>();
const clocks = mkdtempSync(path.join(tmpdir(), 'instachatico-clocks-'));
const crew: Program[] = [];
/** Who wrote during which scenario: judged when everything has come to rest. */
const crowds = new Map<string, Crowd>();

// Every way out of api and worker leads through a link that can fall ill, and every worker's clock can go wrong.
beforeAll(async () => {
  const { postgres, redis, stack } = plant();
  const sandbox = Number(new URL(stack.vendors.url).port);
  for (const [index, port] of [postgres.port, postgres.port, redis.port, sandbox, sandbox].entries()) {
    network.set(links[index] ?? '', await SickLink.to(port));
  }
  const address = (index: number): string => `127.0.0.1:${network.get(links[index] ?? '')?.port}`;
  const database = (index: number): string => `postgres://postgres@${address(index)}/instachatico`;
  for (const api of [0, 1]) await plant().restartApi(api, 'SIGTERM', 0, { environment: { DATABASE_URL: database(0) } });
  const ways = {
    DATABASE_URL: database(1),
    REDIS_URL: `redis://${address(2)}`,
    INSTAGRAM_BASE_URL: `http://${address(3)}/instagram`,
    OPENAI_BASE_URL: `http://${address(4)}/openai/v1`,
    TELEGRAM_BASE_URL: `http://${address(4)}/telegram`,
    NODE_OPTIONS: `--import ${new URL('support/wrong-clock.mjs', import.meta.url).href}`,
  };
  for (let index = 0; index < workers; index += 1) {
    crew.push(await plant().addWorker({ environment: { ...ways, CLOCK_FILE: clockOf(index) } }));
  }
}, 300_000);

afterAll(() => {
  for (const link of network.values()) link.close();
  rmSync(clocks, { recursive: true, force: true });
});

// T11, audit 28, 40
it('a network that is slow, cut, silent or broken: the webhook is always answered, and soon after it heals all flows', async () => {
  const chance = chanceOf('sick network');
  const crowd = newCrowd('sick network', chance);
  const every = links.flatMap((link) => illnesses.map((illness) => ({ link, illness })));
  // Short: each link once, with an illness of its own.
  const some = chance.shuffled(illnesses).slice(0, links.length);
  const pairs = sized(
    links.map((link, index) => ({ link, illness: some[index] ?? 'reset' })),
    every,
  );
  const recoveries: Record<string, number> = {};
  for (const { link, illness } of pairs) {
    network.get(link)?.fallIll(illness);
    await crowd.writesDuring(wait(sized(5_000, 120_000)), 4);
    network.get(link)?.heal();
    recoveries[`${link}: ${illness}`] = await secondsUntilServed(crowd);
    say(`sick network: ${link}: ${illness}: served again after ${recoveries[`${link}: ${illness}`]} s`);
  }
  await crowd.delivered();
  report('sick network', { seed: chance.seed, recoveries, ...plant().meta.report() });
  expect(plant().meta.report().statuses['none'] ?? 0, 'deliveries without an answer').toBe(0);
  expect(Object.entries(recoveries).filter(([, seconds]) => seconds >= 30)).toEqual([]);
});

// T12, audit 5
it('workers that stand still for longer than their leases and then go on: others finish, nobody is answered twice', async () => {
  const chance = chanceOf('paused workers');
  const crowd = newCrowd('paused workers', chance);
  const inFlight = { pauses: 0, replies: 0 };
  await lateAnswers(chance);
  for (let paused = 0; paused < counted(4, 100); paused += workers - 1) {
    const asleep = chance.shuffled(crew).slice(1);
    const seconds = sized(65, chance.between(20, 90));
    await crowd.writesDuring(repliesOnTheirWay(), 10);
    inFlight.replies += await pauseAll(asleep, async () => await crowd.writesDuring(wait(seconds * 1_000), 2));
    inFlight.pauses += asleep.length;
    await secondsUntilServed(crowd);
  }
  await crowd.delivered();
  await plant().vendors.clearFaults();
  report('paused workers', { seed: chance.seed, ...inFlight });
  expect(inFlight.replies, 'replies on their way when their workers were paused').toBeGreaterThan(0);
});

// T13, audit 5
it('workers whose clocks jump by ten minutes to and fro: leases hold, and nothing waits for a wrong time', async () => {
  const chance = chanceOf('wrong clocks');
  const crowd = newCrowd('wrong clocks', chance);
  // Work that is put off is what a wrong clock could put off for too long.
  const later = { kind: 'status', status: 503, headers: { 'retry-after': '2' } } as const;
  await plant().vendors.fault({ vendor: 'openai', times: 0, chance: 0.25, seed: chance.seed, effect: later });
  await lateAnswers(chance);
  const jumps = counted(8, 20);
  for (let jump = 0; jump < jumps; jump += 1) {
    writeFileSync(clockOf(jump % workers), String(chance.pick([600_000, -600_000])));
    await crowd.writesDuring(wait(sized(2_000, 20_000)), 5);
    // As a time service does: half of them are put right again.
    if (chance.next() < 0.5) writeFileSync(clockOf(jump % workers), '0');
  }
  for (let index = 0; index < workers; index += 1) writeFileSync(clockOf(index), '0');
  await crowd.delivered();
  await plant().vendors.clearFaults();
  // The longest honest wait is a lease that runs out; ten minutes is what a wrong clock would add.
  await until('the end of all work that is not in doubt', 150_000, async () => (await stillDue()) === 0);
  report('wrong clocks', { seed: chance.seed, jumps, comments: crowd.customers.length });
  expect(plant().meta.accepted.size).toBeGreaterThanOrEqual(crowd.customers.length);
});

it('whatever was held up: every comment reaches its end, every due reply is visible once', async () => {
  const drained = await plant().drain(drainedWithinMs);
  const verdicts = [];
  for (const [scenario, { customers }] of crowds) {
    const verdict = await plant().judge(customers);
    const { replied, hidden, told } = verdict;
    report(scenario, { comments: customers.length, replied, hidden, told, lost: verdict.lost, wrong: verdict.wrong });
    verdicts.push(verdict);
  }
  report('held up', {
    'drained (s)': drained,
    ...plant().meta.report(),
    reconciliations: await plant().reasons('reply-found-by-listing', 'reply-confirmed-by-echo', 'reply-send-again'),
  });
  expect(verdicts).not.toHaveLength(0);
  for (const verdict of verdicts) expectPromiseKept(verdict);
});

function newCrowd(scenario: string, chance: Seeded): Crowd {
  const crowd = new Crowd(plant(), chance);
  crowds.set(scenario, crowd);
  return crowd;
}

function clockOf(worker: number): string {
  return path.join(clocks, `worker-${worker}`);
}

/** From now until a new question has its reply. */
async function secondsUntilServed(crowd: Crowd): Promise<number> {
  const began = performance.now();
  const { id } = await crowd.ask();
  await until('a reply to a new question', 180_000, async () => (await plant().vendors.thread(id)).length > 0);
  return Math.round((performance.now() - began) / 1_000);
}

/** Instagram takes its time, so that many replies are on their way at any moment; half of the echoes are lost. */
async function lateAnswers(chance: Seeded): Promise<void> {
  const { vendors } = plant();
  const by = { times: 0, chance: 0.5, seed: chance.between(1, 1_000_000) };
  await vendors.fault({ vendor: 'instagram', call: 'reply', ...by, effect: { kind: 'delay', ms: 3_000 } });
  await vendors.fault({ vendor: 'webhook', ...by, effect: { kind: 'reset' } });
}

async function repliesOnTheirWay(): Promise<void> {
  await until('replies on their way', 120_000, async () => (await onTheirWay()) >= workers);
}

async function onTheirWay(): Promise<number> {
  const [row] = await plant().stack.sql<{ n: number }>(
    `SELECT count(*)::int AS n FROM replies WHERE state = 'sending' AND lease_until > now()`,
  );
  return row?.n ?? 0;
}

/** Rows that machines have something to do about, but for replies in doubt, which are looked for over two minutes. */
async function stillDue(): Promise<number> {
  const [row] = await plant().stack.sql<{ n: number }>(
    `SELECT ((SELECT count(*) FROM comments WHERE due_at IS NOT NULL)
           + (SELECT count(*) FROM replies WHERE due_at IS NOT NULL AND attempt = 0)
           + (SELECT count(*) FROM moderations WHERE due_at IS NOT NULL)
           + (SELECT count(*) FROM alerts WHERE due_at IS NOT NULL))::int AS n`,
  );
  return row?.n ?? 0;
}

/** @returns replies that were on their way, ours or those of the one who stays awake */
async function pauseAll(asleep: readonly Program[], meanwhile: () => Promise<void>): Promise<number> {
  try {
    for (const { pid } of asleep) process.kill(pid, 'SIGSTOP');
    const replies = await onTheirWay();
    await meanwhile();
    return replies;
  } finally {
    for (const { pid } of asleep) process.kill(pid, 'SIGCONT');
  }
}
