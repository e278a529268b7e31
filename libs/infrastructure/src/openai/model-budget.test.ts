import { beforeEach, describe, expect, it } from 'vitest';
import { AppError, kindOf } from '#domain/shared/errors.js';
import { windowOf } from '#domain/work/allowances.js';
import { InMemoryAllowances } from '../../../../test/fakes/in-memory-allowances.js';
import { InMemoryIncidents } from '../../../../test/fakes/in-memory-incidents.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { ModelBudget, type PerMinute } from './model-budget.js';

const unlimited: PerMinute = { requests: undefined, tokens: undefined };
let clock: VirtualClock;
let book: InMemoryAllowances;
let incidents: InMemoryIncidents;
let asked: number;

beforeEach(() => {
  clock = new VirtualClock();
  book = new InMemoryAllowances(clock);
  incidents = new InMemoryIncidents();
  asked = 0;
});

const worker = (perMinute: PerMinute = unlimited): ModelBudget =>
  new ModelBudget(book, incidents, perMinute, () => clock.elapsedMs());
const answers = async (): Promise<string> => await Promise.resolve(`answer ${(asked += 1)}`);
function fails(failure: AppError): () => Promise<string> {
  return async () => {
    asked += 1;
    await Promise.resolve();
    throw failure;
  };
}
const billing = new AppError('exhausted', 'insufficient_quota');
/** What became of a call: its answer, or the kind of its failure. */
const outcome = async (call: Promise<string>): Promise<string> => await call.catch((error: unknown) => kindOf(error));
const opened = (): number => incidents.all.filter(({ kind }) => kind === 'quota-used-up').length;

describe('the budget of the model', () => {
  // audit 25, T18
  it('lets three workers together make as many requests per minute as one', async () => {
    const workers = [1, 2, 3].map(() => worker({ requests: 6, tokens: undefined }));
    const minute = async (): Promise<readonly string[]> =>
      await Promise.all(
        workers.flatMap((each) => [1, 2, 3, 4].map(async () => await outcome(each.spend(10, answers)))),
      );
    expect((await minute()).filter((each) => each === 'rate-limited')).toHaveLength(6);
    clock.pass(windowOf('model-requests').windowMs);
    await minute();
    expect(asked).toBe(6);
    clock.pass(windowOf('model-requests').countsMs);
    await minute();
    expect(asked).toBe(12);
  });

  it('counts tokens, too, and says when there is room', async () => {
    const budget = worker({ requests: undefined, tokens: 1_000 });
    await budget.spend(900, answers);
    const refused: unknown = await budget.spend(200, answers).catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: 'rate-limited' });
    expect(refused instanceof AppError && (refused.retryAfterMs ?? 0) > 60_000).toBe(true);
    expect(asked).toBe(1);
  });

  it('asks for calls that begin at once together, and lets as many through as fit', async () => {
    let asks = 0;
    const take = book.take.bind(book);
    book.take = async (uses) => {
      asks += 1;
      return await take(uses);
    };
    const budget = worker({ requests: 100, tokens: undefined });
    const begin = async (calls: number): Promise<readonly string[]> =>
      await Promise.all(Array.from({ length: calls }, async () => await outcome(budget.spend(10, answers))));
    await begin(90);
    expect([asked, asks]).toEqual([90, 1]);
    expect((await begin(40)).filter((each) => each === 'rate-limited')).toHaveLength(30);
    expect(asked).toBe(100);
    expect(asks).toBeLessThan(20);
  });

  it('never takes more at once than a minute holds, also of tokens', async () => {
    const budget = worker({ requests: undefined, tokens: 1_000 });
    const calls = Array.from({ length: 9 }, async () => await outcome(budget.spend(300, answers)));
    expect((await Promise.all(calls)).filter((each) => each !== 'rate-limited')).toHaveLength(3);
  });

  it('is no limit and leaves nothing in the book when none is set', async () => {
    for (let call = 0; call < 50; call += 1) await worker().spend(1_000_000, answers);
    expect([asked, book.size()]).toEqual([50, 0]);
  });

  it.each([unlimited, { requests: 1_000, tokens: 1_000_000 }])(
    'makes every worker wait when the vendor told one to (%o)',
    async (perMinute) => {
      const [one, other] = [worker(perMinute), worker(perMinute)];
      const limited = new AppError('rate-limited', 'slow down', { retryAfterMs: 20_000 });
      await outcome(one.spend(10, fails(limited)));
      for (const each of [one, other]) {
        const refused: unknown = await each.spend(10, answers).catch((error: unknown) => error);
        expect(refused).toMatchObject({ kind: 'rate-limited' });
        const waitMs = refused instanceof AppError ? (refused.retryAfterMs ?? 0) : 0;
        expect(Math.abs(waitMs - 20_000)).toBeLessThan(2_000);
      }
      expect(asked).toBe(1);
    },
  );
});

describe('a quota that is used up', () => {
  // audit K7, T18: at most one call per worker after the first that was told so
  it('ends the calls of all workers, and is told once', async () => {
    const workers = [worker(), worker(), worker()];
    for (const each of workers) {
      for (let call = 0; call < 10; call += 1) expect(await outcome(each.spend(10, fails(billing)))).toBe('exhausted');
    }
    expect(asked).toBeLessThanOrEqual(workers.length);
    expect(opened()).toBe(1);
    expect(incidents.isOpen('quota-used-up', 'model')).toBe(true);
  });

  it('stays told once when calls that were on their way hear of it, too, or still succeed', async () => {
    const budget = worker();
    let finish: (answer: string) => void = () => undefined;
    const slow = budget.spend(10, async () => await new Promise<string>((resolve) => (finish = resolve)));
    await Promise.all([1, 2, 3].map(async () => await outcome(budget.spend(10, fails(billing)))));
    finish('an answer to an earlier question');
    await slow;
    expect(opened()).toBe(1);
    expect(incidents.isOpen('quota-used-up', 'model')).toBe(true);
  });

  it('is over with the next success, also in the eyes of a worker that starts then', async () => {
    await outcome(worker().spend(10, fails(billing)));
    clock.pass(3_600_000);
    const fresh = worker();
    expect(await fresh.spend(10, answers)).toContain('answer');
    expect(incidents.isOpen('quota-used-up', 'model')).toBe(false);
  });

  it('is asked after by one call at a time', async () => {
    await book.hold('model', 60_000, 'quota-used-up'); // as another worker found it
    const budget = worker();
    expect(await outcome(budget.spend(10, answers))).toBe('exhausted');
    clock.pass(60_000);
    let finish: (answer: string) => void = () => undefined;
    const probe = budget.spend(10, async () => await new Promise<string>((resolve) => (finish = resolve)));
    expect(await outcome(budget.spend(10, answers))).toBe('exhausted');
    finish('here again');
    await probe;
    expect(await outcome(budget.spend(10, answers))).toContain('answer');
  });
});
