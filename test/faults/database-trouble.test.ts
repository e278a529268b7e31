import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { sized } from './support/form.js';
import type { Plant } from './support/plant.js';
import { chanceOf, expectPromiseKept, plantForThisFile, report, seedFor } from './support/scenario.js';
import { SmallDisk } from './support/small-disk.js';
import { SteadyLoad } from './support/steady-load.js';

// T10, audit 1, 3, 28, 35
const troubles = sized({ away: 1, taken: 1, full: 1, unlucky: 1 }, { away: 3, taken: 3, full: 1, unlucky: 3 });
const pace = sized({ perSecond: 10, mostWaiting: 100 }, { perSecond: 20, mostWaiting: 400 });
const between = sized({ least: 10, most: 30 }, { least: 100, most: 300 });
const awayMs = sized(8_000, 60_000);
const takenMs = sized(6_000, 30_000);
const unluckyShare = 0.01;
const unluckyComments = sized(100, 2_000);
const fullMs = sized(8_000, 60_000);
const diskMegabytes = sized(256, 768);
const drainedWithinMs = 300_000;
/** The api gives up after 800 ms; a hang is what is looked for, not a busy machine. */
const refusedWithinMs = 5_000;

type Trouble = keyof typeof troubles;

const notes = mkdtempSync(path.join(tmpdir(), 'instachatico-faults-unlucky-'));
const unluckyFile = path.join(notes, 'share');
const disk = SmallDisk.make(diskMegabytes);
// Before the plant, so that it runs after the plant has ended.
afterAll(() => {
  disk.remove();
  rmSync(notes, { recursive: true, force: true });
});

const plant = plantForThisFile({
  // A log that is cut early: with the usual gigabyte the small disk would be full of it.
  postgres: { folder: disk.folder, settings: { max_wal_size: '64MB', min_wal_size: '32MB' } },
  environment: {
    NODE_OPTIONS: `--import ${new URL('support/unlucky-statements.mjs', import.meta.url).href}`,
    UNLUCKY_FILE: unluckyFile,
    UNLUCKY_SEED: String(seedFor('database trouble')),
  },
});

it('a PostgreSQL that is away, taken by others, unlucky or without room on its disk refuses deliveries and loses none', async () => {
  const chance = chanceOf('database trouble');
  const load = new SteadyLoad(plant(), chance, pace);
  const order = Object.entries(troubles).flatMap(
    ([name, times]) => Array.from({ length: times }, () => name as Trouble), // a key of `troubles`
  );
  const had: string[] = [];
  const unnoticed: Trouble[] = [];
  for (const trouble of chance.shuffled(order)) {
    await load.more(chance.between(between.least, between.most));
    const refused = refusals();
    had.push(await have(trouble, plant(), load));
    if (refusals() === refused) unnoticed.push(trouble);
  }
  const customers = await load.stop();
  const drained = await plant().drain(drainedWithinMs);

  const verdict = await plant().judge(customers);
  const sender = plant().meta.report();
  report('database trouble', {
    seed: chance.seed,
    had,
    'statements failed': unluckyStatements(),
    comments: customers.length,
    ...sender,
    'drained after the last one (s)': drained,
    replies: verdict.replied,
    hidden: verdict.hidden,
    told: verdict.told,
    reconciliations: await plant().reasons('reply-found-by-listing', 'reply-confirmed-by-echo', 'reply-send-again'),
  });
  expect(plant().meta.accepted.size).toBe(customers.length);
  expectPromiseKept(verdict);
  // What refuses nobody was no trouble; single statements that fail are another matter.
  expect(unnoticed.filter((trouble) => trouble !== 'unlucky')).toEqual([]);
  expect(unluckyStatements()).toBeGreaterThan(0);
  // Nothing but "stored" and "later": whatever else came would be repeated by Meta for 36 hours, or be a hang.
  expect(Object.keys(sender.statuses).toSorted()).toEqual(['200', '503']);
  expect(sender.slowestRefusalMs).toBeLessThan(refusedWithinMs);
});

async function have(trouble: Trouble, of: Plant, load: SteadyLoad): Promise<string> {
  switch (trouble) {
    case 'away':
      await of.restartPostgres(awayMs);
      return `away for ${awayMs / 1_000} s`;
    case 'taken': {
      const giveBack = await of.postgres.takeAllConnections();
      await wait(takenMs);
      await giveBack();
      return `every connection taken for ${takenMs / 1_000} s`;
    }
    case 'full': {
      disk.fill();
      await wait(fullMs);
      disk.makeRoom();
      // Without room for its log it stops, and it does not always come back by itself.
      const died = !(await of.postgres.answers());
      if (died) await of.restartPostgres();
      return `disk full for ${fullMs / 1_000} s${died ? ', and died of it' : ''}`;
    }
    case 'unlucky':
      writeFileSync(unluckyFile, String(unluckyShare));
      await load.more(unluckyComments);
      rmSync(unluckyFile);
      return `${unluckyShare * 100} % of the statements fail`;
  }
}

function refusals(): number {
  return plant().meta.report().statuses['503'] ?? 0;
}

function unluckyStatements(): number {
  return readFileSync(`${unluckyFile}.log`, 'utf8').split('\n').length - 1;
}
