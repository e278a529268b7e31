import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readConfig } from '#infrastructure/config/config.js';
import { ApiModule } from '../api.module.js';
import { describeApi } from './docs.js';

const Schema = z.looseObject({ type: z.string().optional(), $ref: z.string().optional() });
const Operation = z.object({
  operationId: z.string(),
  summary: z.string().min(1),
  description: z.string().min(1),
  tags: z.array(z.string()).length(1),
  parameters: z.array(z.object({ name: z.string(), in: z.string(), schema: Schema })).default([]),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  requestBody: z.unknown().optional(),
  responses: z.record(z.string(), z.object({ description: z.string().min(1), content: z.looseObject({}).optional() })),
});
const Document = z.object({
  tags: z.array(z.object({ name: z.string(), description: z.string().min(1) })),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
});

const config = readConfig({
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  REDIS_URL: 'redis://127.0.0.1:1',
  APP_SECRET: '0123456789abcdef',
  TOKEN: '0123456789abcdef',
  INSTA_TOKEN: '0123456789abcdef',
  OPENAI_API_KEY: '0123456789abcdef',
});

let operations: readonly (z.output<typeof Operation> & { readonly route: string })[];
let explainedTags: readonly string[];
beforeAll(async () => {
  // Preview: the routes are known, nothing is created and nobody is connected to.
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.forProcess(config, pino({ level: 'silent' })),
    new FastifyAdapter(),
    { preview: true, logger: false },
  );
  const { paths, tags } = Document.parse(describeApi(app));
  explainedTags = tags.map(({ name }) => name);
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, route: `${method} ${path}` })),
  );
});

describe('the OpenAPI document', () => {
  it('gives each route a name of its own', () => {
    expect(operations.length).toBeGreaterThan(8);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  });

  it('files each route under a heading that is explained, and leaves no heading empty', () => {
    expect([...new Set(operations.flatMap(({ tags }) => tags))].toSorted()).toEqual(explainedTags.toSorted());
  });

  it('says for each parameter what may stand there', () => {
    const parameters = operations.flatMap(({ route, parameters }) => parameters.map((one) => ({ route, ...one })));
    expect(parameters.filter(({ schema }) => !['string', 'integer'].includes(schema.type ?? ''))).toEqual([]);
  });

  it('describes the body of each failure as a problem', () => {
    const failures = operations
      .filter(({ tags }) => !tags.includes('Health'))
      .flatMap(({ route, responses }) =>
        Object.entries(responses).map(([status, { content }]) => ({
          route,
          status,
          kinds: Object.keys(content ?? {}),
        })),
      )
      .filter(({ status }) => Number(status) >= 400);
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.filter(({ kinds }) => kinds.join() !== 'application/problem+json')).toEqual([]);
  });

  it('says of each route what becomes of a wrong query, of an id that nothing has, and of an unusable body', () => {
    const wanted = admin().flatMap(({ route, parameters, requestBody, responses }) => {
      const statuses = [
        ...(parameters.some((parameter) => parameter.in === 'query') ? ['400'] : []),
        ...(parameters.some((parameter) => parameter.in === 'path') ? ['404'] : []),
        ...(requestBody === undefined ? [] : ['400', '413', '415']),
      ];
      return statuses.filter((status) => !(status in responses)).map((status) => `${route}: ${status}`);
    });
    expect(wanted).toEqual([]);
  });

  it('says of each route of the admin API that it wants a token, and what happens without', () => {
    expect(admin().length).toBeGreaterThan(0);
    const wanted = ['401', '403', '429', '503'];
    const wrong = admin().filter(
      ({ security, responses }) =>
        security?.[0]?.['bearer'] === undefined || wanted.some((status) => !(status in responses)),
    );
    expect(wrong.map(({ route }) => route)).toEqual([]);
  });
});

function admin(): typeof operations {
  const open = ['Webhook', 'Health'];
  return operations.filter(({ tags }) => !tags.some((tag) => open.includes(tag)));
}
