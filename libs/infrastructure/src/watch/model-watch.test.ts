import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { json, StubVendor } from '../../../../test/contracts/stub-vendor.js';
import { InMemoryIncidents } from '../../../../test/fakes/in-memory-incidents.js';
import { ModelCatalogue } from '../openai/model-catalogue.js';
import { ModelWatch } from './model-watch.js';

const now = new Date('2026-11-21T12:00:00Z');
let stub: StubVendor;
let book: InMemoryIncidents;
let lines: string[];

beforeEach(async () => {
  stub = await StubVendor.start();
  book = new InMemoryIncidents();
  lines = [];
});
afterEach(() => stub.close());

const look = async (models: readonly string[] = ['gpt-6-luna'], at = now): Promise<void> => {
  const catalogue = new ModelCatalogue({ baseUrl: `${stub.url}/openai/v1`, apiKey: 'test-key' });
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  await new ModelWatch(models, catalogue, book, { now: () => at }, logger).look();
};
const told = (): readonly string[] =>
  book.all.map(({ kind, subject, closedAt }) => `${kind}: ${subject}${closedAt ? ' (over)' : ''}`);

// CL-8
describe('a model of the settings', () => {
  it('is asked about once at each start, with our key', async () => {
    stub.answer = json({ id: 'gpt-6-luna', object: 'model' });
    await look(['gpt-6-luna', 'org/model:8b', 'gpt-6-luna']);
    expect(stub.calls.map(({ path }) => path)).toEqual([
      '/openai/v1/models/gpt-6-luna',
      '/openai/v1/models/org%2Fmodel%3A8b',
    ]);
    expect(stub.calls[0]).toMatchObject({ headers: { authorization: 'Bearer test-key' } });
    expect([told(), lines]).toEqual([[], []]);
  });

  it('that is not there is told of at once, in the log and to operators, and is over when it is there', async () => {
    stub.answer = json({ error: { code: 'model_not_found' } }, 404);
    await look();
    await look();
    expect(told()).toEqual(['model-missing: gpt-6-luna']);
    expect(lines[0]).toContain('gpt-6-luna');
    stub.answer = json({ id: 'gpt-6-luna' });
    await look();
    expect(told()).toEqual(['model-missing: gpt-6-luna (over)']);
  });

  it.each([
    ['2026-12-22', []],
    ['2026-12-11', ['model-retiring: gpt-5-nano, within 30 days']],
    ['2026-11-25', ['model-retiring: gpt-5-nano, within 7 days']],
    ['2026-11-20', ['model-retiring: gpt-5-nano, over']],
    [1_796_947_200, ['model-retiring: gpt-5-nano, within 30 days']], // 2026-12-11 in seconds
    ['soon', []],
  ])('that ends on %s is told of as %j', async (date, expected) => {
    stub.answer = json({ id: 'gpt-5-nano', shutdown_date: date });
    await look(['gpt-5-nano']);
    expect(told()).toEqual(expected);
  });

  it('that comes nearer to its end is told of once at each stage', async () => {
    stub.answer = json({ id: 'gpt-5-nano', shutdown_date: '2026-12-11' });
    for (const day of ['2026-11-21', '2026-11-30', '2026-12-05', '2026-12-07', '2026-12-12', '2026-12-13']) {
      await look(['gpt-5-nano'], new Date(`${day}T12:00:00Z`));
    }
    expect(told().toReversed()).toEqual([
      'model-retiring: gpt-5-nano, within 30 days',
      'model-retiring: gpt-5-nano, within 7 days',
      'model-retiring: gpt-5-nano, over',
    ]);
    expect(book.all.at(-1)?.detail).toEqual({ 'shutdown date': '2026-12-11', 'days left': 20 });
  });

  it.each([
    ['has no such route', json({ detail: 'Not Found' }, 404)],
    ['shows a web page', json('<html>', 404)],
    ['does not let us look', json({ error: { code: 'forbidden' } }, 403)],
    ['fails', json({}, 500)],
    ['answers something else', json([], 200)],
    ['is away', (_: unknown, response: { destroy(): void }) => response.destroy()],
  ] as const)('is nothing to speak of where the server %s; what was told before still holds', async (_, answer) => {
    await book.open({ kind: 'model-missing', subject: 'gpt-6-luna' });
    stub.answer = answer;
    await look();
    expect(told()).toEqual(['model-missing: gpt-6-luna']);
    expect(lines).toEqual([]);
  });

  it('that nobody names any more is over', async () => {
    await book.open({ kind: 'model-retiring', subject: 'gpt-5-nano, within 30 days' });
    stub.answer = json({ id: 'gpt-6-luna' });
    await look();
    expect(told()).toEqual(['model-retiring: gpt-5-nano, within 30 days (over)']);
  });
});
