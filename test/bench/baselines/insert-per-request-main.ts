import { createHmac } from 'node:crypto';
import { fastify } from 'fastify';
import pg from 'pg';
import { servePart } from '../support/part.js';

// A peer: a usual lean service. Fastify, one insert per request, the answer after the commit.

interface Payload {
  readonly entry: readonly {
    readonly id: string;
    readonly changes: readonly { readonly value: { readonly id: string; readonly text: string } }[];
  }[];
}

const secret = process.env['APP_SECRET'] ?? '';
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10, application_name: 'bench' });
const app = fastify();

app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
app.post<{ Body: Buffer }>('/api/v1/webhook', async (request, reply) => {
  const expected = `sha256=${createHmac('sha256', secret).update(request.body).digest('hex')}`;
  if (request.headers['x-hub-signature-256'] !== expected) return await reply.code(401).send();
  const { entry } = JSON.parse(request.body.toString()) as Payload; // signed: it is what our own load made
  for (const { id: account, changes } of entry) {
    for (const { value } of changes) {
      await pool.query('INSERT INTO peer_comments (id, account_id, text) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
        value.id,
        account,
        value.text,
      ]);
    }
  }
  return { status: 'ok' };
});

await pool.query(`CREATE TABLE IF NOT EXISTS peer_comments (
  id text PRIMARY KEY, account_id text NOT NULL, text text NOT NULL, received_at timestamptz NOT NULL DEFAULT now())`);
const url = await app.listen({ port: 0, host: '127.0.0.1' });
servePart(Number(new URL(url).port));
