import type { FastifyInstance } from 'fastify';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { z } from 'zod';
import { createSandbox } from '../server.js';
import { readSettings, type SandboxSettings } from '../settings.js';

export const testSettings: SandboxSettings = readSettings({
  SANDBOX_PORT: '0',
  APP_SECRET: 'test-app-secret',
  TOKEN: 'test-verify-token',
  INSTA_TOKEN: 'test-instagram-token',
  OPENAI_API_KEY: 'test-openai-key',
  TG_TOKEN: '7000000021:test',
  TG_CHAT_ID: '-1001',
  TG_CHAT_ALERTS_THREAD_ID: '5',
  // The discard port: nobody receives webhooks unless a test says who.
  API_URL: 'http://127.0.0.1:9',
});

const anyBody = z.record(z.string(), z.unknown());
export type Body = z.infer<typeof anyBody>;

export interface Answered {
  readonly status: number;
  readonly body: Body;
}

/** A sandbox without a port, spoken to as each vendor's client does. */
export class TestSandbox {
  private constructor(readonly app: FastifyInstance) {}

  static async start(overrides: Partial<SandboxSettings> = {}): Promise<TestSandbox> {
    return new TestSandbox(await createSandbox({ ...testSettings, ...overrides }));
  }

  graph(method: 'GET' | 'POST' | 'DELETE', path: string, form?: Record<string, string>): Promise<Answered> {
    return this.#call(method, `/instagram/v26.0${path}`, {
      headers: {
        authorization: `Bearer ${testSettings.instagramToken}`,
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form && { payload: new URLSearchParams(form).toString() }),
    });
  }

  openai(path: string, payload: object): Promise<Answered> {
    const headers = { authorization: `Bearer ${testSettings.openAiKey}` };
    return this.#call('POST', `/openai/v1${path}`, { headers, payload });
  }

  telegram(method: string, payload: object): Promise<Answered> {
    return this.#call('POST', `/telegram/bot${testSettings.telegramToken}/${method}`, { payload });
  }

  control(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object): Promise<Answered> {
    return this.#call(method, `/_sandbox${path}`, payload === undefined ? {} : { payload });
  }

  /** Writes a comment as a customer; @returns its id */
  async comment(text: string, more: object = {}): Promise<string> {
    const { body } = await this.control('POST', '/comments', { text, ...more });
    return z.string().parse(body['id']);
  }

  async ledger(query = ''): Promise<readonly Body[]> {
    const { body } = await this.control('GET', `/ledger?${query}`);
    return z.array(anyBody).parse(body['entries']);
  }

  async #call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    options: { readonly headers?: Record<string, string>; readonly payload?: object | string },
  ): Promise<Answered> {
    const answer = await this.app.inject({ method, url, ...options });
    const text = answer.body;
    return { status: answer.statusCode, body: text.startsWith('{') ? anyBody.parse(JSON.parse(text)) : { text } };
  }
}

export interface ReceivedWebhook {
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Plays the api's webhook: keeps what comes, answers with the statuses it is given, then with 200. */
export async function webhookReceiver(
  statuses: readonly number[] = [],
): Promise<{ readonly url: string; readonly received: ReceivedWebhook[]; readonly server: Server }> {
  const received: ReceivedWebhook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.statusCode = statuses[received.length] ?? 200;
      received.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return { url: `http://127.0.0.1:${port}`, received, server };
}
