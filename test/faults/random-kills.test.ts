import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Seeded } from '../support/seeded.js';
import { writeComments, type Customer } from './support/customers.js';
import { sized } from './support/form.js';
import type { Plant } from './support/plant.js';
import { chanceOf, expectPromiseKept, plantForThisFile, report, say } from './support/scenario.js';
import { blindResends, LeftToPeople, triesByComment } from './support/tries.js';

// T7, audit 1, 3, 5, 10, 22
const comments = sized(1_500, 100_000);
const deliveriesOfEach = 3;
const kills = sized({ api: 4, worker: 6, redis: 2, postgres: 2 }, { api: 60, worker: 90, redis: 30, postgres: 20 });
/** Comments that may wait while more are sent: so that the sending lasts as long as the killing. */
const mostWaiting = sized(600, 3_000);
const drainedWithinMs = 300_000;
/** Of all comments: both tries of a reply were on their way as somebody was killed. */
const mostLeftToPeople = 0.001;

type Victim = keyof typeof kills;

const plant = plantForThisFile();

it('whoever is killed, and whenever: every comment reaches its end, every due reply is visible once', async () => {
  const chance = chanceOf('random kills');
  const customers = await writeComments(plant().vendors, comments);
  const load = new Progress(plant(), customers.length);
  const sending = plant().meta.send(deliveriesFor(customers, chance), 16, async () => await load.room());
  const killed = await killAll(plant(), load, chance);
  await sending;
  const drained = await plant().drain(drainedWithinMs);

  const { vendors } = plant();
  const tries = await triesByComment(vendors);
  const people = await LeftToPeople.among(customers, { vendors, tries, fewestCalls: 0 });
  const { verdict, left } = people.apart(await plant().judge(customers));
  report('random kills', {
    seed: chance.seed,
    comments: customers.length,
    ...plant().meta.report(),
    killed,
    'drained after the last kill (s)': drained,
    replies: verdict.replied,
    hidden: verdict.hidden,
    told: verdict.told,
    'left to a person': left.length,
    'duplicates suppressed': customers.length * (deliveriesOfEach - 1),
    reconciliations: await plant().reasons('reply-found-by-listing', 'reply-confirmed-by-echo', 'reply-send-again'),
  });
  expect(plant().meta.accepted.size).toBe(customers.length);
  expectPromiseKept(verdict);
  expect(blindResends(tries).slice(0, 10), 'sent again without having looked').toEqual([]);
  expect(left.length / customers.length, 'share left to a person').toBeLessThan(mostLeftToPeople);
});

/** Each comment three times, in any order, in calls of one to a thousand updates. */
function deliveriesFor(customers: readonly Customer[], chance: Seeded): Customer['comment'][][] {
  const updates = chance.shuffled(
    customers.flatMap(({ comment }) => Array.from({ length: deliveriesOfEach }, () => comment)),
  );
  const deliveries: Customer['comment'][][] = [];
  for (let at = 0; at < updates.length;) {
    // Most calls carry one update; some are as large as Meta makes them.
    const size = chance.next() < 0.7 ? 1 : chance.between(2, chance.next() < 0.1 ? 1_000 : 50);
    deliveries.push(updates.slice(at, at + size));
    at += size;
  }
  return deliveries;
}

/** How far the work is, asked once for everybody who wants to know. */
class Progress {
  finished = 0;

  constructor(
    private readonly of: Plant,
    private readonly total: number,
  ) {}

  get share(): number {
    return this.finished / this.total;
  }

  async look(): Promise<void> {
    this.finished = (await this.of.finished()) ?? this.finished;
  }

  /** Resolves when no more than `mostWaiting` comments wait. */
  async room(): Promise<void> {
    while (this.of.meta.accepted.size - this.finished > mostWaiting) await wait(200);
  }
}

async function killAll(of: Plant, load: Progress, chance: Seeded): Promise<Record<Victim, number>> {
  const victims = chance.shuffled(
    Object.entries(kills).flatMap(([name, times]) => Array.from({ length: times }, () => name)),
  );
  const restarts = new Map<string, Promise<void>>();
  const killed = { api: 0, worker: 0, redis: 0, postgres: 0 };
  let failure: Error | undefined;
  for (const [index, victim] of victims.entries()) {
    const due = (index + chance.next()) / (victims.length + 1);
    while (load.share < due) {
      if (failure) throw failure;
      await wait(chance.between(50, 500));
      await load.look();
    }
    const number = chance.between(0, 1);
    const name = victim === 'api' || victim === 'worker' ? `${victim} ${number}` : victim;
    await restarts.get(name); // nobody is killed who has not come back
    const back = restart(of, victim, number, chance.between(0, 2_000)).catch((error: unknown) => {
      failure = new Error(`${name} did not come back`, { cause: error });
    });
    restarts.set(name, back);
    killed[victim as Victim] += 1; // a key of `kills`
    if (index % 10 === 9) say(`random kills: ${index + 1} of ${victims.length}, ${load.finished} comments finished`);
  }
  await Promise.all(restarts.values());
  if (failure) throw failure;
  return killed;
}

async function restart(of: Plant, victim: string, number: number, pauseMs: number): Promise<void> {
  if (victim === 'api') await of.restartApi(number, 'SIGKILL', pauseMs);
  else if (victim === 'worker') await of.restartWorker(number, 'SIGKILL', pauseMs);
  else if (victim === 'redis') await of.restartRedis(pauseMs);
  else await of.restartPostgres(pauseMs);
}
