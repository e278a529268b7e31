import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Program } from '../support/program.js';
import type { Seeded } from '../support/seeded.js';
import type { CrashPoint } from '../support/stack.js';
import { until } from '../support/until.js';
import { writeComments, type Customer } from './support/customers.js';
import { counted, sized } from './support/form.js';
import type { Plant } from './support/plant.js';
import { chanceOf, expectPromiseKept, plantForThisFile, report, say } from './support/scenario.js';
import { blindResends, LeftToPeople, triesByComment } from './support/tries.js';

// T8, audit 1, 2, 3, 5, 6, 10
const rounds = counted(1, 50);
const commentsPerRound = sized(60, 40);
/** Each armed worker finds fresh work, also while what the ones before it had taken is still leased or done already. */
const commentsPerPoint = 12;
const pointIsReachedWithinMs = 120_000;
const drainedWithinMs = 600_000;
/**
 * Of all comments. A kill after `sending` was committed costs every reply of that statement one of its two tries, and
 * here somebody is killed every few seconds, while calls come to nothing by chance.
 */
const mostLeftToPeople = 0.1;

const theBell = 'the bell';
// Statements of libs/infrastructure/src/postgres: if one is worded anew, its crash never happens and the test says so.
const pointsOfTheApi: Readonly<Record<string, CrashPoint>> = {
  'after the raw insert, its commit unknown': { when: 'sent', statement: 'INSERT INTO deliveries' },
  'before its commit': { when: 'before', statement: 'INSERT INTO deliveries' },
  'after its commit': { when: 'after', statement: 'INSERT INTO deliveries' },
  'after the bell': { when: 'after', statement: theBell },
};
const pointsOfTheWorker: Readonly<Record<string, CrashPoint>> = {
  'after the claim': { when: 'after', statement: 'SET epoch = epoch + 1, owner' },
  'after the model understood': { when: 'before', statement: `UPDATE comments SET stage = 'acting', class` },
  'after the model wrote': { when: 'before', statement: `UPDATE replies SET state = 'drafted', text` },
  'after SENDING was committed': { when: 'after', statement: `UPDATE replies SET state = 'sending'` },
  'after the answer, before our commit': { when: 'before', statement: `UPDATE replies SET state = 'sent'` },
  'after SENT was committed': { when: 'after', statement: `UPDATE replies SET state = 'sent'` },
};
/** Not statements of ours: Instagram has the request, and holds back its answer. */
const pointsAtTheVendor = {
  'after the POST was sent, nothing published': 'hang',
  'after the POST was sent, published': 'do-then-hang',
} as const;
/** They come when unclear replies are looked for: a quarter of a minute after the doubt began, at the earliest. */
const pointsOfReconciling: Readonly<Record<string, CrashPoint>> = {
  'while a reply is looked for, found': { when: 'before', statement: 'SELECT platform_reply_id FROM replies' },
  'while a reply is looked for, not found': { when: 'before', statement: 'empty_listings = empty_listings + 1' },
};
const duringTheSwap = 'between the old passages of a document and the new ones';
const swap: CrashPoint = { when: 'before', statement: 'INSERT INTO passages' };

const duringTheRenewal = 'after the platform gave a new token, before it was kept';
const renewal: CrashPoint = {
  when: 'before',
  statement: 'INSERT INTO account_tokens (account_id, seed, since, expires_at',
};

const plant = plantForThisFile({ workers: 0, environment: { ENCRYPTION_KEY: randomBytes(32).toString('hex') } });

it('killed at each point of the way: every comment reaches its end, every due reply is visible once, documents stay whole', async () => {
  const chance = chanceOf('crash points');
  const run = new Run(plant(), chance);
  for (let round = 1; round <= rounds; round += 1) {
    await run.round();
    if (round % 10 === 0) say(`crash points: ${round} rounds, ${run.kills} kills`);
  }
  await plant().vendors.clearFaults();
  await plant().addWorker();
  await plant().addWorker();
  const drained = await plant().drain(drainedWithinMs);

  const { vendors } = plant();
  const tries = await triesByComment(vendors);
  const people = await LeftToPeople.among(run.customers, { vendors, tries, fewestCalls: 0 });
  const { verdict, left } = people.apart(await plant().judge(run.customers));
  report('crash points', {
    seed: chance.seed,
    comments: run.customers.length,
    ...plant().meta.report(),
    'kills confirmed': run.kills,
    'killed at': Object.fromEntries(run.killed),
    'drained after the last kill (s)': drained,
    replies: verdict.replied,
    hidden: verdict.hidden,
    told: verdict.told,
    'left to a person': left.length,
    reconciliations: await plant().reasons('reply-found-by-listing', 'reply-confirmed-by-echo', 'reply-send-again'),
  });
  expect(plant().meta.accepted.size).toBe(run.customers.length);
  expect(new Set(run.killed.values())).toEqual(new Set([rounds]));
  expectPromiseKept(verdict);
  expect(blindResends(tries).slice(0, 10), 'sent again without having looked').toEqual([]);
  expect(left.length / run.customers.length, 'share left to a person').toBeLessThan(mostLeftToPeople);
  await expectAnsweredFrom(run.documentVersion);
});

/** Whoever asks now is answered from the document as it was stored last. */
async function expectAnsweredFrom(version: number): Promise<void> {
  const { vendors } = plant();
  const id = await vendors.comment('How much is gift wrapping?');
  await plant().drain(drainedWithinMs);
  expect(await vendors.thread(id)).toEqual([expect.stringContaining(priceOf(version))]);
}

class Run {
  readonly customers: Customer[] = [];
  readonly killed = new Map<string, number>();
  documentVersion = 0;

  constructor(
    private readonly of: Plant,
    private readonly chance: Seeded,
  ) {}

  get kills(): number {
    return [...this.killed.values()].reduce((sum, count) => sum + count, 0);
  }

  /** One kill at each point, of api and worker side by side. */
  async round(): Promise<void> {
    await this.unclearAnswers();
    await this.comeIn(commentsPerRound);
    await Promise.all([this.killApis(), this.killWorkers()]);
  }

  /** Some replies are out and not confirmed, some are not out: what is looked for later. Most of their echoes are lost. */
  private async unclearAnswers(): Promise<void> {
    const { vendors } = this.of;
    await vendors.clearFaults();
    const by = (chance: number): object => ({ times: 0, chance, seed: this.chance.between(1, 1_000_000) });
    await vendors.fault({ vendor: 'instagram', call: 'reply', ...by(0.12), effect: { kind: 'do-then-reset' } });
    await vendors.fault({ vendor: 'instagram', call: 'reply', ...by(0.08), effect: { kind: 'reset' } });
    await vendors.fault({ vendor: 'webhook', ...by(0.8), effect: { kind: 'reset' } });
  }

  private async write(count: number): Promise<Customer['comment'][]> {
    const customers = await writeComments(this.of.vendors, count);
    this.customers.push(...customers);
    return this.chance.shuffled(customers.map(({ comment }) => comment));
  }

  private async comeIn(count: number): Promise<void> {
    const comments = await this.write(count);
    await this.of.meta.send(
      comments.map((comment) => [comment]),
      8,
    );
  }

  private async killApis(): Promise<void> {
    // The second one: the first hears the echoes, and would die of any of them.
    for (const [name, crashAt] of this.chance.shuffled(Object.entries(pointsOfTheApi))) {
      const [comment] = await this.write(1);
      if (!comment) throw new Error('the sandbox wrote no comment');
      await this.of.restartApi(1, 'SIGKILL', 0, { crashAt });
      const api = this.of.api(1);
      const deliver = async (): Promise<number | undefined> =>
        await this.of.stack.deliver([comment], this.of.stack.apiUrls[1]);
      const status = await deliver();
      // While the lane is filled nothing is rung for as it comes in: then it comes in again.
      const again = status === 200 && crashAt.statement === theBell ? deliver : undefined;
      await this.confirm(name, api, again);
      // The bell is rung beside the answer, which may be out: then nobody sends this comment again.
      if (status === 200 && crashAt.statement === theBell) this.of.meta.accepted.add(comment.id);
      else {
        assert.equal(status, undefined, `acknowledged ${name}`);
        await this.of.meta.deliver([comment]);
      }
    }
    await this.killDuringSwap();
    await this.of.restartApi(1, 'SIGKILL');
  }

  private async killDuringSwap(): Promise<void> {
    if (this.documentVersion === 0) await this.putDocument(1, 0);
    const old = this.documentVersion;
    await this.of.restartApi(1, 'SIGKILL', 0, { crashAt: swap });
    const api = this.of.api(1);
    await this.putDocument(old + 1, 1);
    await this.confirm(duringTheSwap, api);
    assert.equal(this.documentVersion, old, 'acknowledged half a swap');
    assert.deepEqual(await this.served(), [textOf(old)], 'passages after half a swap');
    await this.putDocument(old + 1, 0);
    assert.deepEqual(await this.served(), [textOf(old + 1)], 'passages after the swap was tried again');
  }

  private async putDocument(version: number, api: number): Promise<void> {
    const text = `## Gift wrapping\n${textOf(version)}`;
    const answer = await fetch(`${this.of.stack.apiUrls[api]}/api/v1/knowledge/documents`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Gift wrapping', text }),
    }).catch(() => undefined);
    if (answer?.status === 201) this.documentVersion = version;
  }

  private async served(): Promise<readonly string[]> {
    const rows = await this.of.stack.sql<{ text: string }>(`SELECT text FROM passages WHERE title = 'Gift wrapping'`);
    return rows.map(({ text }) => text);
  }

  private async killWorkers(): Promise<void> {
    for (const [name, crashAt] of this.chance.shuffled(Object.entries(pointsOfTheWorker))) {
      await this.comeIn(commentsPerPoint);
      await this.confirm(name, await this.of.addWorker({ crashAt }));
    }
    for (const [name, kind] of Object.entries(pointsAtTheVendor)) await this.killWhileCalling(name, kind);
    for (const [name, crashAt] of Object.entries(pointsOfReconciling)) {
      await this.confirm(name, await this.of.addWorker({ crashAt }));
    }
    await this.killDuringRenewal();
  }

  /** The old token is still good, and what the platform gave is lost: the next renewal asks again. */
  private async killDuringRenewal(): Promise<void> {
    const { vendors, stack } = this.of;
    await vendors.token({ ageHours: 48, expiresInDays: 10 });
    await stack.sql(
      `UPDATE account_tokens SET since = now() - interval '2 days', expires_at = NULL, key_id = NULL, sealed = NULL`,
    );
    await stack.sql(`DELETE FROM turns WHERE name = 'access'`); // it is time to look again
    await this.confirm(duringTheRenewal, await this.of.addWorker({ crashAt: renewal }));
    const [kept] = await stack.sql<{ sealed: Buffer | null }>('SELECT sealed FROM account_tokens');
    assert.equal(kept?.sealed ?? null, null, 'kept half a renewal');
  }

  private async killWhileCalling(name: string, kind: string): Promise<void> {
    const { vendors, stack } = this.of;
    const calls = async (): Promise<number> => {
      const replies = await vendors.ledger({ vendor: 'instagram', call: 'reply' });
      return replies.filter(({ fault, status }) => fault === kind && status === null).length;
    };
    const before = await calls();
    await this.comeIn(commentsPerPoint);
    await vendors.fault({ vendor: 'instagram', call: 'reply', times: 1, effect: { kind } });
    const worker = await stack.startWorker();
    await until(`a call that hangs (${kind})`, pointIsReachedWithinMs, async () => (await calls()) > before);
    void worker.end('SIGKILL');
    await this.confirm(name, worker);
  }

  /** It is dead, by our hand, at this point. */
  private async confirm(name: string, program: Program, meanwhile?: () => Promise<unknown>): Promise<void> {
    await until(`the crash ${name}`, pointIsReachedWithinMs, async () => {
      if (!program.hasEnded()) await meanwhile?.();
      return program.hasEnded();
    });
    assert.equal((await program.ended).text, 'SIGKILL', program.output());
    this.killed.set(name, (this.killed.get(name) ?? 0) + 1);
  }
}

function textOf(version: number): string {
  return `Gift wrapping costs ${priceOf(version)} for any cake or box of pastry.`;
}

/** No other figure of the bakery is like it. */
function priceOf(version: number): string {
  return `${7_000 + version} ₽`;
}
