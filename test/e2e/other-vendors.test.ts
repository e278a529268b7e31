import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../apps/launcher/src/ports.js';
import { type Program, startProgram } from '../support/program.js';
import { startDatabase, startRedis, type TestService } from '../support/services.js';
import { until } from '../support/until.js';

const accountId = '17841499999999999';
const appSecret = 'f'.repeat(8) + '0123456789abcdef';

/** What a server in a vendor's place was asked. */
interface Asked {
  readonly to: string;
  readonly body: string;
}

interface Vendor {
  readonly url: string;
  readonly asked: Asked[];
  close(): void;
}

type Answer = (call: Asked) => { readonly status?: number; readonly json: unknown };

/** A server of its own for one vendor, written from the vendor's documentation and without a line of the sandbox. */
async function startVendor(answer: Answer): Promise<Vendor> {
  const asked: Asked[] = [];
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = { to: `${request.method} ${request.url}`, body: await text(request) };
    asked.push(call);
    const { status = 200, json } = answer(call);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  };
  const server: Server = createServer((request, response) => void respond(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function graph({ to }: Asked): ReturnType<Answer> {
  if (to.startsWith('GET /v26.0/me?')) return { json: { user_id: accountId, username: 'tea.house', id: '1' } };
  if (/^POST \/v26\.0\/\d+\/replies/u.test(to)) return { json: { id: '18099999999999999' } };
  if (/^POST \/v26\.0\/\d+\?hide=true/u.test(to)) return { json: { success: true } };
  if (/^GET \/v26\.0\/\d+\/replies/u.test(to)) return { json: { data: [] } };
  const error = { message: 'Unsupported get request.', type: 'IGApiException', code: 100, error_subcode: 33 };
  return { status: 400, json: { error } };
}

/** What this model says: decided by a word of the comment, in the shape that was asked for. */
function saidBy(body: string): string {
  if (body.includes('reply_draft')) {
    return JSON.stringify({ answerable: true, answer: 'We are open from 8 to 19.', sources: ['S1'] });
  }
  const found = body.includes('idiots')
    ? 'toxic / abusive'
    : body.includes('burnt')
      ? 'urgent issue / complaint'
      : undefined;
  return JSON.stringify({
    class: found ?? 'question / inquiry',
    confidence: 97,
    reason: 'It says so.',
    language: 'en',
  });
}

const modes: Readonly<Record<'responses' | 'chat', Answer>> = {
  responses: ({ to, body }) =>
    to === 'POST /v1/responses'
      ? {
          json: {
            id: 'resp_1',
            object: 'response',
            status: 'completed',
            output: [
              {
                type: 'message',
                role: 'assistant',
                id: 'msg_1',
                status: 'completed',
                content: [{ type: 'output_text', text: saidBy(body), annotations: [] }],
              },
            ],
            usage: { input_tokens: 10, output_tokens: 10, total_tokens: 20 },
          },
        }
      : { status: 404, json: { error: { message: 'no such route', code: 'not_found' } } },
  chat: ({ to, body }) =>
    to === 'POST /v1/chat/completions'
      ? {
          json: {
            id: 'chatcmpl-1',
            object: 'chat.completion',
            created: 1,
            model: 'local',
            choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: saidBy(body) } }],
            usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 },
          },
        }
      : { status: 404, json: { error: { message: 'no such route', code: 'not_found' } } },
};

describe.each(['responses', 'chat'] as const)('with other servers in the vendors’ place (model mode %s)', (mode) => {
  let folder: string;
  let services: readonly TestService[];
  let vendors: Readonly<Record<'instagram' | 'openai' | 'telegram', Vendor>>;
  let programs: readonly Program[];
  let apiUrl: string;
  let workerUrl: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'instachatico-vendors-'));
    const [database, redis] = await Promise.all([startDatabase(), startRedis()]);
    services = [database, redis];
    vendors = {
      instagram: await startVendor(graph),
      openai: await startVendor(modes[mode]),
      telegram: await startVendor(() => ({
        json: { ok: true, result: { message_id: 7, chat: { id: -1009 }, date: 1 } },
      })),
    };
    const [apiPort, workerPort] = [await freePort(), await freePort()];
    apiUrl = `http://127.0.0.1:${apiPort}`;
    workerUrl = `http://127.0.0.1:${workerPort}`;
    const environment = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      PORT: String(apiPort),
      WORKER_PORT: String(workerPort),
      APP_SECRET: appSecret,
      TOKEN: 'verify-token-of-tea-house',
      INSTA_TOKEN: 'IGAA-token-of-tea-house',
      OPENAI_API_KEY: 'sk-key-of-tea-house',
      OPENAI_API_MODE: mode,
      TG_TOKEN: '99:token-of-tea-house',
      TG_CHAT_ID: '-1009',
      LOG_LEVEL: 'warn',
      // These three, and nothing else, say who plays the vendors.
      INSTAGRAM_BASE_URL: vendors.instagram.url,
      OPENAI_BASE_URL: `${vendors.openai.url}/v1`,
      OPENAI_MODEL_EMBEDDING: '', // it has none: words are searched
      TELEGRAM_BASE_URL: vendors.telegram.url,
    };
    programs = ['api', 'worker'].map((app) =>
      startProgram({ name: app, file: `apps/${app}/src/main.js`, environment, folder }),
    );
    for (const port of [apiPort, workerPort]) {
      await until('a ready program', 60_000, async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
        return answer?.status === 200;
      });
    }
    await until('knowledge that is taken', 30_000, async () => {
      const answer = await fetch(`${apiUrl}/api/v1/knowledge/documents`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ title: 'Opening hours', text: 'We are open from 8 to 19, every day.' }),
      });
      return answer.status === 201;
    });
  });
  afterEach(async () => {
    await Promise.all(programs.map(async (program) => await program.end('SIGTERM')));
    for (const vendor of Object.values(vendors)) vendor.close();
    await Promise.all(services.map(async (service) => await service.stop()));
    await rm(folder, { recursive: true });
  });

  async function deliver(id: string, comment: string): Promise<void> {
    const value = { id, text: comment, from: { id: '5', username: 'anna' }, media: { id: '18000000000000009' } };
    const body = JSON.stringify({
      object: 'instagram',
      entry: [{ id: accountId, time: 1, changes: [{ field: 'comments', value }] }],
    });
    const signature = createHmac('sha256', appSecret).update(body).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` };
    // What a busy machine sheds with 503 comes again, as Meta sends it.
    const status = await until('a delivery that is not shed', 30_000, async () => {
      const answer = await fetch(`${apiUrl}/api/v1/webhook`, { method: 'POST', headers, body });
      return answer.status === 503 ? undefined : answer.status;
    });
    expect(status).toBe(200);
  }

  async function outcomeOf(id: string): Promise<unknown> {
    return await until(`the end of comment ${id}`, 60_000, async () => {
      const answer = await fetch(`${apiUrl}/api/v1/comments/${id}/decisions`);
      // The documented shape of this route.
      const { comment } = (await answer.json()) as { comment: { outcome: string | null } };
      return comment.outcome ?? undefined;
    });
  }

  it('questions are answered, insults hidden and complaints brought to operators', async () => {
    await deliver('18000000000000101', 'When are you open?');
    await deliver('18000000000000102', 'You idiots');
    await deliver('18000000000000103', 'My cake was burnt, I am ill');
    expect(await outcomeOf('18000000000000101')).toBe('answered');
    expect(await outcomeOf('18000000000000102')).toBe('hidden');
    expect(await outcomeOf('18000000000000103')).toBe('waiting');

    const posted = vendors.instagram.asked.filter(({ to }) => to.startsWith('POST'));
    expect(posted).toHaveLength(2);
    expect(new Set(posted.map(({ to }) => to.split('?')[0]))).toEqual(
      new Set(['POST /v26.0/18000000000000101/replies', 'POST /v26.0/18000000000000102']),
    );
    const reply = posted.find(({ to }) => to.includes('/replies'));
    expect(new URLSearchParams(reply?.body).get('message')).toBe('We are open from 8 to 19.');
    expect(vendors.telegram.asked.map(({ to }) => to)).toEqual(['POST /bot99:token-of-tea-house/sendMessage']);
    expect(vendors.telegram.asked[0]?.body).toContain('burnt');

    const figures = await (await fetch(`${workerUrl}/metrics`)).text();
    for (const figure of [
      'instachatico_step_seconds_count{job="replies.send",result="done",error="none"} 1',
      'instachatico_upstream_seconds_count{call="instagram publish",outcome="ok"} 1',
      'instachatico_upstream_seconds_count{call="telegram send",outcome="ok"} 1',
    ]) {
      expect(figures).toContain(figure);
    }
  });
});
