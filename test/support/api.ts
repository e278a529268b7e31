import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { readConfig } from '#infrastructure/config/config.js';
import { createApi } from '../../apps/api/src/create-api.js';
import { metaJson, signatureHeaders, webhookPayload } from '../../apps/sandbox/src/meta-payload.js';
import type { GraphComment } from '../../apps/sandbox/src/world.js';

const appSecret = secret();

/** For `more`: Instagram is played on this machine, so the admin API answers it without a token. */
export const playedHere = { INSTAGRAM_BASE_URL: 'http://127.0.0.1:1/instagram' };

/** An api inside the test, without Redis from the first moment on: what it promises, it promises without it. */
export async function startApi(
  databaseUrl: string,
  more: Readonly<Record<string, string>> = playedHere,
): Promise<NestFastifyApplication> {
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    REDIS_URL: 'redis://127.0.0.1:1',
    APP_SECRET: appSecret,
    TOKEN: secret(),
    INSTA_TOKEN: secret(),
    OPENAI_API_KEY: secret(),
    ...more,
  });
  const api = await createApi(config, pino({ level: 'silent' }));
  await api.init();
  await api.getHttpAdapter().getInstance().ready();
  return api;
}

/** Comments as Meta delivers them, to that api. @returns the status */
export async function deliverTo(
  api: NestFastifyApplication,
  comments: readonly GraphComment[],
  signedWith = appSecret,
): Promise<number> {
  const payload = metaJson(webhookPayload(comments, new Date()));
  const headers = { 'content-type': 'application/json', ...signatureHeaders(payload, signedWith) };
  return (await api.inject({ method: 'POST', url: '/api/v1/webhook', headers, payload })).statusCode;
}

function secret(): string {
  return randomBytes(16).toString('hex');
}
