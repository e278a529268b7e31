import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresIncidents } from '#infrastructure/postgres/incidents.js';
import { deliverTo, playedHere, startApi } from '../support/api.js';
import { rawComment } from '../support/raw-comments.js';
import { openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

const localhost = { host: 'localhost:3000' };
let service: TestService;
let database: Database;
let api: NestFastifyApplication;

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  api = await startApi(service.url);
});
afterAll(async () => {
  await api.close();
  await database.close();
  await service.stop();
});

async function deliver(ids: readonly string[], signedWith?: string): Promise<number> {
  return await deliverTo(
    api,
    ids.map((id) => rawComment(id, 'Hi')),
    signedWith,
  );
}

describe('the figures for Prometheus', () => {
  // audit 4, 58
  it('account for every comment, every delivery and every duplicate, without waiting for what is away', async () => {
    expect(await deliver(['17900000000000001', '17900000000000002'])).toBe(200);
    expect(await deliver(['17900000000000002', '17900000000000003'])).toBe(200);
    expect(await deliver(['17900000000000009'], 'another secret')).toBe(401);
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
      'instachatico_replies_waiting 0',
      'instachatico_reply_actions{action="approve"} 0',
      'instachatico_hide_reviews{verdict="wrong"} 0',
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
    const guarded = await startApi(service.url, { ...playedHere, ADMIN_TOKEN: token });
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
    const fresh = await startApi(service.url);
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
