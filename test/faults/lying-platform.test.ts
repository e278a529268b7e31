import { expect, it } from 'vitest';
import type { Fault, LedgerEntry, Vendors } from '../support/vendors.js';
import type { Seeded } from '../support/seeded.js';
import { writeComments } from './support/customers.js';
import { counted, sized } from './support/form.js';
import { chanceOf, expectPromiseKept, plantForThisFile, report } from './support/scenario.js';
import { blindResends, LeftToPeople, triesByComment } from './support/tries.js';

// T14, audit 28, 30
const replies = counted(250, 20_000);
const listedWithinMs = 30_000;
const echoesLost = 0.7;
const drainedWithinMs = sized(900_000, 3 * 3_600_000);

const createdThenRefused = {
  error: { message: 'Fields are not supported.', type: 'OAuthException', code: 20, error_subcode: 1_772_107 },
};
const questions = [
  { text: 'Hi! How much is delivery? (no. {n})', due: 'one reply', share: 1 },
  { text: 'Is the rye bread vegan? (no. {n})', due: 'one reply', share: 1 },
] as const;
const throttles = [4, 17, 32, 613, 80_002];
/** The whole account waits for it: as with the sender, Meta's minutes are seconds here. */
const regainMinutes = 0.05;

/** What Instagram answers although it published, or instead of publishing: each to a share of the calls. */
const lies: readonly { readonly share: number; readonly effect: Fault['effect'] }[] = [
  { share: 0.03, effect: { kind: 'do-then-status', status: 500 } },
  { share: 0.02, effect: { kind: 'do-then-reset' } },
  { share: 0.02, effect: { kind: 'do-then-hang' } },
  { share: 0.01, effect: { kind: 'do-then-status', status: 400, body: createdThenRefused } },
  { share: 0.01, effect: { kind: 'ok-without-id' } },
  { share: 0.01, effect: { kind: 'html-502' } },
  ...throttles.map((code) => ({ share: 0.03 / throttles.length, effect: throttle(code) })),
];

const plant = plantForThisFile();

it('a platform that lies about what it published: every question is answered once, nothing is sent again blindly', async () => {
  const chance = chanceOf('lying platform');
  const { vendors, meta } = plant();
  await beginLying(vendors, chance);
  const customers = await writeComments(vendors, replies, questions);
  await meta.send(
    chance.shuffled(customers).map(({ comment }) => [comment]),
    sized(4, 8),
  );
  const drained = await plant().drain(drainedWithinMs);

  const tries = await triesByComment(vendors);
  const people = await LeftToPeople.among(customers, { vendors, tries, fewestCalls: 2 });
  const { verdict, left } = people.apart(await plant().judge(customers));
  const again = [...tries.values()].filter(({ calls }) => calls.length > 1);
  report('lying platform', {
    seed: chance.seed,
    replies: verdict.replied,
    ...meta.report(),
    'what the platform did': countFaults([...tries.values()].flatMap(({ calls }) => calls)),
    'called more than once': again.length,
    'drained (s)': drained,
    reconciliations: await plant().reasons('reply-found-by-listing', 'reply-confirmed-by-echo', 'reply-send-again'),
    'left to a person': left,
  });
  expectPromiseKept(verdict);
  expect(blindResends(tries).slice(0, 10), 'sent again without having looked').toEqual([]);
});

function throttle(code: number): Fault['effect'] {
  const usage = { type: 'instagram', call_count: 100, total_cputime: 1, total_time: 1 };
  const headers = {
    'x-business-use-case-usage': JSON.stringify({ 1: [{ ...usage, estimated_time_to_regain_access: regainMinutes }] }),
  };
  const body = { error: { message: `(#${code}) Request limit reached`, type: 'OAuthException', code } };
  return { kind: 'status', status: 400, body, ...(code === 80_002 && { headers }) };
}

async function beginLying(vendors: Vendors, chance: Seeded): Promise<void> {
  const always = { times: 0, vendor: 'instagram' } as const;
  // The faults are asked one after the other, so a later one sees only the calls that the earlier ones left alone.
  let left = 1;
  for (const { share, effect } of lies) {
    await vendors.fault({ ...always, call: 'reply', effect, chance: share / left, seed: chance.between(1, 1e9) });
    left -= share;
  }
  await vendors.fault({
    ...always,
    call: 'list-replies',
    effect: { kind: 'lag', ms: listedWithinMs, scattered: true },
  });
  // The sandbox sends nothing but the echoes of our own replies here: the customers' comments are sent by the suite.
  const lost = { vendor: 'webhook', times: 0, chance: echoesLost, seed: chance.between(1, 1e9) } as const;
  await vendors.fault({ ...lost, effect: { kind: 'reset' } });
}

function countFaults(calls: readonly LedgerEntry[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { fault = 'published', status } of calls) {
    const name = `${fault} (${status ?? 'no answer'})`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
