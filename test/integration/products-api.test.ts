import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { startApi } from '../support/api.js';
import { account, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;
let database: Database;
let api: NestFastifyApplication;

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  await new PostgresAccounts(database).connect(account);
  api = await startApi(service.url);
});
afterAll(async () => {
  await api.close();
  await database.close();
  await service.stop();
});
beforeEach(async () => {
  await database.query('DELETE FROM passages');
  await database.query('DELETE FROM products');
});

interface Answer {
  readonly status: number;
  readonly etag: string | undefined;
  readonly body: Record<string, unknown>;
}

type Method = 'GET' | 'PUT' | 'PATCH' | 'DELETE';

async function ask(method: Method, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
  const url = `/api/v1/knowledge/products${path}`;
  const answer = await api.inject({ method, url, headers, ...(body && { payload: body }) });
  const { etag } = answer.headers;
  return {
    status: answer.statusCode,
    etag: typeof etag === 'string' ? etag : undefined,
    body: answer.body === '' ? {} : answer.json<Record<string, unknown>>(),
  };
}

const cake = {
  title: 'Медовик · Honey cake',
  description: 'Eight layers',
  price: { amount: '1 900,5', currency: 'RUB' },
  availability: 'in-stock',
  url: 'https://shop.example/hc',
  tags: ['cake', 'торт'],
};

/** Passages of products, with their ids: another id is another vector. */
async function passages(): Promise<readonly { id: string; title: string; text: string }[]> {
  return await database.query('SELECT id, title, text FROM passages WHERE product_id IS NOT NULL ORDER BY title');
}

describe('a product', () => {
  it('is put, read, changed and removed, with an exact price and a revision', async () => {
    expect(await ask('PUT', '/HC-1', cake)).toMatchObject({
      status: 200,
      etag: '"1"',
      body: { sku: 'HC-1', outcome: 'created', revision: 1, price: { amount: '1900.50', currency: 'RUB' } },
    });
    expect(await ask('GET', '/HC-1')).toMatchObject({ status: 200, etag: '"1"', body: { tags: ['cake', 'торт'] } });
    const changed = await ask('PATCH', '/HC-1', { price: { amount: '2000', currency: 'RUB' }, url: null });
    expect(changed.body).toMatchObject({
      outcome: 'changed',
      revision: 2,
      price: { amount: '2000.00' },
      url: null,
      description: 'Eight layers',
    });
    expect((await ask('DELETE', '/HC-1')).status).toBe(204);
    expect((await ask('GET', '/HC-1')).status).toBe(404);
    expect((await ask('DELETE', '/HC-1')).status).toBe(404);
    expect(await passages()).toEqual([]);
  });

  it('that is put again as it is stays as it is', async () => {
    await ask('PUT', '/HC-1', cake);
    const [before] = await passages();
    expect((await ask('PUT', '/HC-1', cake)).body).toMatchObject({ outcome: 'unchanged', revision: 1 });
    expect(await passages()).toEqual([before]);
  });

  it('may be found by words at once, and keeps its passage until its text changes', async () => {
    await ask('PUT', '/HC-1', cake);
    const [before] = await passages();
    expect(before?.text).toContain('1900.50 ₽ (RUB)');
    await ask('PATCH', '/HC-1', { availability: 'out-of-stock' });
    const [after] = await passages();
    expect(after?.text).toContain('out of stock');
    expect(after?.id).not.toBe(before?.id);
    const found = await database.query(
      `SELECT id FROM passages WHERE words @@ plainto_tsquery('russian', 'почём медовики')
          OR words @@ plainto_tsquery('russian', 'медовики')`,
    );
    expect(found).toEqual([{ id: after?.id }]);
  });

  it('that is put anew loses what is not said again', async () => {
    await ask('PUT', '/HC-1', cake);
    expect((await ask('PUT', '/HC-1', { title: 'Honey cake' })).body).toMatchObject({
      description: null,
      price: null,
      availability: 'in-stock',
      url: null,
      tags: [],
    });
  });

  it('may have any sku that fits into an address', async () => {
    for (const sku of ['A/B', 'торт №1', 'ё'.repeat(64), '100%']) {
      expect((await ask('PUT', `/${encodeURIComponent(sku)}`, cake)).body).toMatchObject({ sku });
      expect((await ask('GET', `/${encodeURIComponent(sku)}`)).body).toMatchObject({ sku });
    }
  });
});

describe('two people who change one product', () => {
  it('do not undo each other: who names an older revision is told', async () => {
    await ask('PUT', '/HC-1', cake);
    expect((await ask('PATCH', '/HC-1', { title: 'One' }, { 'if-match': '"1"' })).status).toBe(200);
    const late = await ask('PATCH', '/HC-1', { title: 'Two' }, { 'if-match': '"1"' });
    expect(late).toMatchObject({ status: 409, body: { detail: expect.stringContaining('Revision 2') } });
    expect((await ask('PATCH', '/HC-1', { title: 'Two', revision: 1 })).status).toBe(409);
    expect((await ask('DELETE', '/HC-1', undefined, { 'if-match': '"1"' })).status).toBe(409);
    expect((await ask('PATCH', '/HC-1', { title: 'Two', revision: 2 })).body).toMatchObject({ revision: 3 });
    expect((await ask('PATCH', '/HC-1', { title: 'x' }, { 'if-match': 'now' })).status).toBe(400);
  });

  it('at the same moment are served one after the other, and none is lost', async () => {
    await ask('PUT', '/HC-1', cake);
    const answers = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => await ask('PATCH', '/HC-1', { title: `T${index}`, revision: 1 })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(7);
  });
});

describe('what is wrong with a product', () => {
  it.each([
    [{ ...cake, price: { amount: 1900, currency: 'RUB' } }, 400],
    [{ ...cake, price: { amount: '1900', currency: 'roubles' } }, 400],
    [{ ...cake, availability: 'perhaps' }, 400],
    [{ ...cake, colour: 'brown' }, 400],
    [{ ...cake, title: undefined }, 400],
    [{ ...cake, price: { amount: '1,900', currency: 'RUB' } }, 422],
    [{ ...cake, price: { amount: '1.999', currency: 'JPY' } }, 422],
    [{ ...cake, price: { amount: '5', currency: 'XXX' } }, 422],
    [{ ...cake, url: 'http://shop.example' }, 422],
    [{ ...cake, title: '   ' }, 422],
  ])('is said: %j is answered with %i', async (body, status) => {
    const answer = await ask('PUT', '/HC-1', body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toMatch(/detail|errors/u);
    expect(await passages()).toEqual([]);
  });

  it('is also that it is not there to be changed, or cannot be there', async () => {
    expect((await ask('PATCH', '/NONE', { title: 'x' })).status).toBe(404);
    expect((await ask('PUT', '/imports', cake)).status).toBe(422);
    expect((await ask('PUT', `/${'x'.repeat(65)}`, cake)).status).toBe(422);
    expect((await ask('PUT', '/HC-1?accountId=17849999999999999', cake)).status).toBe(404);
  });
});

describe('the list of products', () => {
  const list = async (query: string): Promise<unknown> => {
    const { body } = await ask('GET', query);
    return [(body['products'] as { sku: string }[]).map(({ sku }) => sku), body['next']]; // what the test just asked for
  };

  it('is empty at first', async () => {
    expect(await list('')).toEqual([[], null]);
  });

  it('goes page by page, and finds by availability, tag, words and the beginning of the sku', async () => {
    for (const index of [1, 2, 3, 4, 5]) {
      await ask('PUT', `/P-${index}`, {
        title: `Пирог ${index}`,
        tags: index % 2 === 0 ? ['even'] : ['odd'],
        availability: index === 5 ? 'out-of-stock' : 'in-stock',
      });
    }
    await ask('PUT', '/Q-1', { title: 'Булочка с корицей' });
    expect(await list('?limit=2')).toEqual([['P-1', 'P-2'], 'P-2']);
    expect(await list('?limit=2&after=P-2')).toEqual([['P-3', 'P-4'], 'P-4']);
    expect(await list('?limit=2&after=P-4')).toEqual([['P-5', 'Q-1'], null]);
    expect(await list('?availability=out-of-stock')).toEqual([['P-5'], null]);
    expect(await list('?tag=even')).toEqual([['P-2', 'P-4'], null]);
    expect(await list(`?text=${encodeURIComponent('булочки')}`)).toEqual([['Q-1'], null]);
    expect(await list('?text=q-')).toEqual([['Q-1'], null]);
    expect(await list('?text=nothing')).toEqual([[], null]);
  });

  // audit 38
  it('takes any text for a text', async () => {
    await ask('PUT', '/HC-1', cake);
    for (const text of [
      `' OR 1=1 --`,
      `'); DROP TABLE products; --`,
      '\\',
      '%',
      ':*',
      '!!',
      '<->',
      '\0x',
      '🍰',
      '\uD800',
    ]) {
      for (const field of ['text', 'tag', 'after']) {
        const url = `/api/v1/knowledge/products?${field}=${encodeURIComponent(text.toWellFormed())}`;
        expect((await api.inject({ method: 'GET', url })).statusCode).toBe(200);
      }
    }
    expect(await list('')).toEqual([['HC-1'], null]);
  });

  it('refuses what it does not know', async () => {
    for (const query of ['?limit=0', '?limit=101', '?sort=price', '?availability=perhaps', '?accountId=%20'])
      expect((await ask('GET', query)).status).toBe(400);
  });
});
