import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Seeded } from '../support/seeded.js';
import { sized } from './support/form.js';
import type { Plant } from './support/plant.js';
import { chanceOf, expectPromiseKept, plantForThisFile, report, say } from './support/scenario.js';
import { SteadyLoad } from './support/steady-load.js';

// T9, audit 1, 5, 10
const losses = sized(
  { flushed: 2, cut: 1, emptied: 1, away: 1, full: 1, failedOver: 1 },
  { flushed: 10, cut: 10, emptied: 5, away: 3, full: 2, failedOver: 3 },
);
const pace = sized({ perSecond: 10, mostWaiting: 100 }, { perSecond: 20, mostWaiting: 400 });
/** Comments between two losses, at least and at most. */
const between = sized({ least: 10, most: 30 }, { least: 50, most: 300 });
const awayMs = sized(8_000, 60_000);
const fullMs = sized(6_000, 30_000);
const cutMs = 2_000;
const staleMs = sized(3_000, 10_000);
const drainedWithinMs = 300_000;

type Loss = keyof typeof losses;

const plant = plantForThisFile();

it('however Redis loses what it holds: no comment is lost, and nobody is answered twice', async () => {
  const chance = chanceOf('redis data loss');
  const load = new SteadyLoad(plant(), chance, pace);
  const order = chance.shuffled(kindsOf(losses));
  const lost: string[] = [];
  for (const loss of order) {
    await load.more(chance.between(between.least, between.most));
    lost.push(await lose(plant(), loss, chance));
    if (lost.length % 10 === 0) say(`redis data loss: ${lost.length} of ${order.length}`);
  }
  await load.more(between.least);
  const customers = await load.stop();
  const drained = await plant().drain(drainedWithinMs);

  const verdict = await plant().judge(customers);
  report('redis data loss', {
    seed: chance.seed,
    comments: customers.length,
    ...plant().meta.report(),
    lost,
    'drained after the last loss (s)': drained,
    replies: verdict.replied,
    hidden: verdict.hidden,
    told: verdict.told,
    reconciliations: await plant().reasons('reply-found-by-listing', 'reply-confirmed-by-echo', 'reply-send-again'),
  });
  expect(plant().meta.accepted.size).toBe(customers.length);
  expectPromiseKept(verdict);
});

function kindsOf(counts: Readonly<Record<Loss, number>>): Loss[] {
  // The keys are those of `losses`.
  return Object.entries(counts).flatMap(([loss, times]) => Array.from({ length: times }, () => loss as Loss));
}

/** @returns what was done, for the report */
async function lose(of: Plant, loss: Loss, chance: Seeded): Promise<string> {
  const { redis } = of;
  switch (loss) {
    case 'flushed':
      await redis.wipe();
      return loss;
    case 'cut':
      return `cut by ${await redis.crashAndRestartWithoutLast(cutMs)} bytes`;
    case 'emptied':
      await redis.crashAndRestartEmpty();
      return loss;
    case 'away':
      await of.restartRedis(awayMs);
      return `away for ${awayMs / 1_000} s`;
    case 'full':
      return await fillUp(of);
    case 'failedOver':
      await redis.copy();
      await wait(chance.between(staleMs / 2, staleMs));
      await redis.failOverToCopy();
      return loss;
  }
}

/** Every write is refused, reads go on: what `noeviction` means. */
async function fillUp({ redis }: Plant): Promise<string> {
  await redis.command('CONFIG', 'SET', 'maxmemory', '1');
  await wait(fullMs);
  await redis.command('CONFIG', 'SET', 'maxmemory', '0');
  return `full for ${fullMs / 1_000} s`;
}
