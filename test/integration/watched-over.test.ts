import { createHmac, randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '#infrastructure/config/config.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresIncidents } from '#infrastructure/postgres/incidents.js';
import { createApi } from '../../apps/api/src/create-api.js';
import { openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

const appSecret = randomBytes(16).toString('hex');
const localhost = { host: 'localhost:3000' };
let service: TestService;
let database: Database;
let api: NestFastifyApplication;

/** Without Redis from the first moment on: whoever watches must not wait for it. */
async function startApi(more: Readonly<Record<string, string>> = {}): Promise<NestFastifyApplication> {
  const secret = (): string => randomBytes(16).toString('hex');
  const config = readConfig({
    DATABASE_URL: service.url,
    REDIS_URL: 'redis://127.0.0.1:1',
    APP_SECRET: appSecret,
    TOKEN: secret(),
    INSTA_TOKEN: secret(),
    OPENAI_API_KEY: secret(),
    INSTAGRAM_BASE_URL: 'http://127.0.0.1:1/instagram',
    ...more,
  });
  const started = await createApi(config, pino({ level: 'silent' }));
  await started.init();
  await started.getHttpAdapter().getInstance().ready();
  return started;
}

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  api = await startApi();
});
afterAll(async () => {
  await api.close();
  await database.close();
  await service.stop();
});

async function deliver(ids: readonly string[], signed = true): Promise<number> {
  const changes = ids.map((id) => ({
    field: 'comments',
    value: { id, text: 'Hi', from: { id: '5', username: 'anna' } },
  }));
  const payload = JSON.stringify({ object: 'instagram', entry: [{ id: '17841400000000001', time: 1, changes }] });
  const signature = createHmac('sha256', signed ? appSecret : 'another secret')
    .update(payload)
    .digest('hex');
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` };
  return (await api.inject({ method: 'POST', url: '/api/v1/webhook', headers, payload })).statusCode;
}

describe('the figures for Prometheus', () => {
  // audit 4, 58
  it('account for every comment, every delivery and every duplicate, without waiting for what is away', async () => {
    expect(await deliver(['17900000000000001', '17900000000000002'])).toBe(200);
    expect(await deliver(['17900000000000002', '17900000000000003'])).toBe(200);
    expect(await deliver(['17900000000000009'], false)).toBe(401);
    await database.query(
      `UPDATE comments SET stage = 'done', outcome = 'told', finished_at = now(), due_at = NULL
        WHERE id = '17900000000000001'`,
    );
    const answer = await api.inject({ method: 'GET', url: '/metrics', headers: localhost });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('text/plain');
    for (const line of [
      'instachatico_comments_accepted 3',
      'instachatico_comments_ended{outcome="told"} 1',
      'instachatico_comments_under_way{stage="received"} 2',
      'instachatico_comments_under_way{stage="acting"} 0',
      'instachatico_open_rows{kind="comment",state="received"} 2',
      'instachatico_due_rows{kind="comment",state="received"} 2',
      'instachatico_replies_sent 0',
      'instachatico_duplicates_suppressed_total 1',
      'instachatico_webhook_seconds_count{status="200"} 2',
      'instachatico_webhook_seconds_count{status="401"} 1',
      'instachatico_breaker_state{call="instagram publish"} 0',
      'instachatico_database_connections{state="waiting"} 0',
      'instachatico_source_up{source="database"} 1',
      'instachatico_source_up{source="queue"} 0',
    ]) {
      expect(answer.payload.split('\n')).toContain(line);
    }
    for (const name of [
      'oldest_undecided_seconds',
      'nodejs_eventloop_lag_p99_seconds',
      'process_resident_memory_bytes',
    ]) {
      expect(answer.payload).toMatch(new RegExp(`^instachatico_${name} [\\d.e-]+$`, 'mu'));
    }
    expect(answer.payload).toMatch(/^instachatico_database_connections\{state="total"\} [1-9]/mu);
    expect(answer.payload).not.toContain('anna');
  });

  it('are for this machine, or for who bears the token once there is one', async () => {
    const ask = async (of: NestFastifyApplication, headers: Readonly<Record<string, string>>): Promise<number> =>
      (await of.inject({ method: 'GET', url: '/metrics', headers: { ...localhost, ...headers } })).statusCode;
    expect(await ask(api, { 'x-forwarded-for': '203.0.113.7' })).toBe(403);
    const token = 'an-admin-token-of-sixteen-and-more';
    const guarded = await startApi({ ADMIN_TOKEN: token });
    expect(await ask(guarded, {})).toBe(401);
    expect(await ask(guarded, { authorization: 'Bearer guess' })).toBe(401);
    expect(await ask(guarded, { authorization: `Bearer ${token}`, 'x-forwarded-for': '203.0.113.7' })).toBe(200);
    await guarded.close();
  });
});

describe('the health pages', () => {
  // audit 55, OP-4
  it('call an api ready that has its database, also without Redis: deliveries are stored', async () => {
    const ready = await api.inject({ method: 'GET', url: '/health/ready' });
    expect([ready.statusCode, Object.keys(ready.json().details)]).toEqual([200, ['accepting', 'database']]);
  });

  it('say what waits, for how long, and what is wrong', async () => {
    await new PostgresIncidents(database).open({ kind: 'queue-away', subject: 'queue' });
    const fresh = await startApi();
    const overview = (await fresh.inject({ method: 'GET', url: '/health' })).json();
    expect(overview).toMatchObject({
      database: { up: true },
      redis: { up: false },
      lanes: { thinking: { dueRows: expect.any(Number), oldestDueMs: expect.any(Number) }, outbound: { dueRows: 0 } },
      openIncidents: 1,
    });
    await fresh.close();
  });
});

describe('the list of incidents', () => {
  it('says what happened and what to do', async () => {
    const list = async (query: Readonly<Record<string, string>>) =>
      await api.inject({ method: 'GET', url: '/api/v1/incidents', headers: localhost, query });
    expect((await list({})).json()).toMatchObject({
      incidents: [{ kind: 'queue-away', subject: 'queue', closedAt: null, next: expect.stringContaining('back') }],
    });
    expect((await list({ limit: '501' })).statusCode).toBe(400);
  });
});
