import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const enoughMs = 60_000;
const stack = stackForThisFile();

const Import = z.object({
  id: z.uuid(),
  state: z.string(),
  reason: z.string().nullable(),
  lines: z.number().nullable(),
  counts: z.record(z.string(), z.number()),
});
type Import = z.output<typeof Import>;

async function put(sku: string, product: object): Promise<void> {
  expect(await stack().admin('PUT', `knowledge/products/${sku}`, product)).toMatchObject({ status: 200 });
}

/** A customer asks; what was published under the comment, and the rows of the catalogue that it cites. */
async function ask(text: string): Promise<{ id: string; thread: readonly string[]; rows: readonly CitedRow[] }> {
  const id = await stack().vendors.comment(text);
  await stack().untilFinal([id], enoughMs);
  const rows = await stack().sql<CitedRow>(
    `SELECT products.sku, products.price::text AS price, products.currency, passages.text AS passage
       FROM replies, jsonb_to_recordset(replies.sources) AS source ("passageId" uuid, title text)
       JOIN passages ON passages.id = source."passageId"
       JOIN products ON products.id = passages.product_id
      WHERE replies.comment_id = $1`,
    [id],
  );
  return { id, thread: await stack().vendors.thread(id), rows };
}

interface CitedRow {
  readonly sku: string;
  readonly price: string;
  readonly currency: string;
  readonly passage: string;
}

async function send(file: string, fields: Readonly<Record<string, string>> = {}): Promise<Import> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([file]), 'products.csv');
  const answer = await fetch(`${stack().apiUrls[0]}/api/v1/knowledge/products/imports`, { method: 'POST', body: form });
  const body: unknown = await answer.json();
  expect({ status: answer.status, body }).toMatchObject({ status: 202 });
  return Import.parse(body);
}

async function ended({ id }: Import): Promise<Import> {
  return await until(`the end of import ${id}`, enoughMs, async () => {
    const now = Import.parse((await stack().admin('GET', `knowledge/products/imports/${id}`)).body);
    return !['queued', 'running'].includes(now.state) && now;
  });
}

// Not the prices of the documents: whoever takes them from there is found out.
const bakery = {
  'HC-1': { title: 'Медовик · Honey cake', price: { amount: '1950', currency: 'RUB' }, tags: ['торт', 'cake'] },
  'RB-1': { title: 'Ржаной хлеб · Rye bread', price: { amount: '310', currency: 'RUB' }, tags: ['хлеб', 'bread'] },
  'CP-1': {
    title: 'Вишнёвый пирог · Cherry pie',
    price: { amount: '990', currency: 'RUB' },
    tags: ['пирог', 'pie'],
    availability: 'out-of-stock',
  },
};

// KN-4
describe('a price question of an account with a catalogue', () => {
  beforeAll(async () => {
    for (const [sku, product] of Object.entries(bakery)) await put(sku, product);
  });

  it.each([
    ['Сколько стоит медовик?', 'HC-1', '1950'],
    ['How much is the honey cake?', 'HC-1', '1950'],
    ['Сколько стоит ржаной хлеб?', 'RB-1', '310'],
    ['What is the price of the rye bread?', 'RB-1', '310'],
  ])('is answered with the price of the row that is cited: %s', async (question, sku, price) => {
    const { thread, rows } = await ask(question);
    expect(rows.map((row) => row.sku)).toEqual([sku]);
    const [row] = rows;
    expect(`${row?.price} ${row?.currency}`).toBe(`${price}.00 RUB`);
    expect(thread).toHaveLength(1);
    // Every amount that was published stands in that row.
    const published = thread[0]?.match(/\d+(?:[.,]\d+)?/gu) ?? [];
    expect(published).toEqual([price]);
    expect(row?.passage).toContain(`${price} ₽`);
  });

  it.each([
    ['Сколько стоит вишнёвый пирог?', 'нет в наличии'],
    ['How much is a cherry pie?', 'out of stock'],
  ])('says that it is out of stock: %s', async (question, words) => {
    const { thread, rows } = await ask(question);
    expect(rows.map(({ sku }) => sku)).toEqual(['CP-1']);
    expect(thread).toEqual([expect.stringContaining(words)]);
  });

  it.each(['Сколько стоит морковный торт?', 'How much is the chocolate cake?', 'Почём у вас эклеры?'])(
    'about something that it does not have is left to a person, and no price is named: %s',
    async (question) => {
      const { id, thread } = await ask(question);
      expect(thread).toEqual([]);
      expect((await stack().decisions(id))?.comment.outcome).toBe('waiting');
      const drafts = await stack().sql<{ text: string | null }>('SELECT text FROM replies WHERE comment_id = $1', [id]);
      for (const { text } of drafts) expect(text ?? '').not.toMatch(/\d/u);
    },
  );

  it.each(['Сколько стоит тыквенный пирог?', 'How much is delivery?'])(
    'is not answered out of a document, where a price may be of last year: %s',
    async (question) => {
      const { id, thread } = await ask(question);
      expect(thread).toEqual([]);
      expect((await stack().decisions(id))?.comment.outcome).toBe('waiting');
    },
  );

  it('is answered with the new price as soon as it is changed', async () => {
    const change = { price: { amount: '2100.50', currency: 'RUB' } };
    expect((await stack().admin('PATCH', 'knowledge/products/HC-1', change)).status).toBe(200);
    const { thread, rows } = await ask('Сколько стоит медовик сейчас?');
    expect(rows).toMatchObject([{ sku: 'HC-1', price: '2100.50' }]);
    expect(thread).toEqual([expect.stringContaining('2100.50')]);
  });

  it('is no question of prices when it asks something else: documents answer that', async () => {
    const { thread } = await ask('Can the bread be frozen?');
    expect(thread).toHaveLength(1);
  });
});

describe('a file of 1,000 products', { timeout: 300_000 }, () => {
  const things = ['Ваза', 'Кружка', 'Тарелка', 'Свеча', 'Подушка', 'Лампа', 'Корзина', 'Скатерть', 'Салфетка', 'Рамка'];
  const kinds = [
    'лавандовая',
    'янтарная',
    'изумрудная',
    'малиновая',
    'бирюзовая',
    'песочная',
    'шоколадная',
    'жемчужная',
  ];
  const makers = [
    'Тверь',
    'Псков',
    'Суздаль',
    'Казань',
    'Углич',
    'Ростов',
    'Гжель',
    'Палех',
    'Мстёра',
    'Холуй',
    'Елец',
    'Торжок',
    'Вологда',
  ];
  const lines = Array.from({ length: 1_000 }, (_, index) => {
    const thing = things[index % 10] ?? '';
    const kind = kinds[Math.floor(index / 10) % 8] ?? '';
    const maker = makers[Math.floor(index / 80)] ?? '';
    return { sku: `W-${index}`, title: `${thing} ${kind} ${maker}`, price: 500 + index };
  });
  const file = ['Артикул;Название;Цена', ...lines.map(({ sku, title, price }) => `${sku};${title};${price} ₽`)].join(
    '\n',
  );

  it('goes in whole, once, also when the worker is killed in the middle of it', async () => {
    await stack().endWorkers('SIGTERM');
    const doomed = await stack().startWorker({
      crashAt: { when: 'after', statement: 'INSERT INTO products' },
    });
    const sent = await send(file);
    await until('the worker to die', enoughMs, async () => await Promise.resolve(doomed.hasEnded()));
    const [left] = await stack().sql('SELECT count(*)::int AS count FROM products WHERE sku LIKE $1', ['W-%']);
    expect(left).toEqual({ count: 500 });
    const worker = await stack().startWorker();
    await stack().sql(`UPDATE product_imports SET due_at = now() WHERE id = $1 AND due_at IS NOT NULL`, [sent.id]);
    expect(await ended(sent)).toMatchObject({ state: 'done', lines: 1_000, counts: { created: 1_000, failed: 0 } });
    const [stored] = await stack().sql(
      `SELECT count(*)::int AS count, max(revision) AS most,
              (SELECT count(*)::int FROM passages JOIN products ON products.id = product_id WHERE sku LIKE 'W-%') AS passages
         FROM products WHERE sku LIKE 'W-%'`,
    );
    expect(stored).toEqual({ count: 1_000, most: 1, passages: 1_000 });
    expect(worker.hasEnded()).toBe(false);
  });

  it('changes nothing when it comes again, and its time is told', async () => {
    const began = performance.now();
    expect(await ended(await send(file))).toMatchObject({ state: 'done', counts: { unchanged: 1_000, changed: 0 } });
    const again = performance.now() - began;
    const dearer = file.replaceAll(' ₽', ',50 ₽');
    const changing = performance.now();
    expect(await ended(await send(dearer))).toMatchObject({ state: 'done', counts: { changed: 1_000 } });
    process.stdout.write(
      `1,000 products, from the upload to the end of the import: unchanged ${Math.round(again)} ms, ` +
        `all changed ${Math.round(performance.now() - changing)} ms\n`,
    );
  });

  it.each([17, 256, 499, 731, 998])('is searched rightly: product %i', async (index) => {
    const { title, sku, price } = lines[index] ?? { title: '', sku: '', price: 0 };
    const { thread, rows } = await ask(`Сколько стоит ${title.toLowerCase()}?`);
    expect(rows.map((row) => row.sku)).toEqual([sku]);
    expect(thread).toEqual([expect.stringContaining(`${price}.50`)]);
  });

  it('is watched as a stream of events, which ends with it', async () => {
    const { id } = await send(file.replaceAll(' ₽', ',70 ₽'));
    const stream = await fetch(`${stack().apiUrls[0]}/api/v1/knowledge/products/imports/${id}/events`);
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const events = [...(await stream.text()).matchAll(/^event: progress$[^{]*data: (.+)$/gmu)].map(([, data = '']) =>
      Import.parse(JSON.parse(data)),
    );
    expect(events.at(-1)).toMatchObject({ id, state: 'done', counts: { changed: 1_000 } });
  });

  it('is reported by line over the api, with what to do', async () => {
    const sent = await ended(await send('sku;title;price\nE-1;Good;5 ₽\nE-2;Bad;from 5\n', { dryRun: 'true' }));
    const { body } = await stack().admin('GET', `knowledge/products/imports/${sent.id}/lines?outcome=failed`);
    expect(body).toMatchObject({
      lines: [{ line: 3, sku: 'E-2', outcome: 'failed', problems: [{ column: 'price', code: 'bad-price' }] }],
      next: null,
    });
    expect(await stack().sql(`SELECT sku FROM products WHERE sku LIKE 'E-%'`)).toEqual([]);
  });
});
