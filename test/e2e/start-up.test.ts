import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProgram } from '../support/program.js';

const secret = 'a-secret-that-must-not-be-printed';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'instachatico-start-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

describe.each(['api', 'worker'])('the %s', (app) => {
  it('names every setting that is missing or wrong, prints no value, and ends with 1', async () => {
    const environment = {
      TOKEN: 'changeme',
      PORT: 'eighty',
      REDIS_URL: `http://:${secret}@cache`,
      OPENAI_API_KEY: secret,
    };
    const program = startProgram({ name: app, file: `apps/${app}/src/main.js`, environment, folder });
    const { code } = await program.ended;
    expect(code).toBe(1);
    const said = program.output();
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'APP_SECRET', 'TOKEN', 'INSTA_TOKEN', 'PORT']) {
      expect(said).toMatch(new RegExp(`^ {2}${name} is .*\\. .+`, 'mu'));
    }
    expect(said).not.toContain('OPENAI_API_KEY');
    expect(said).not.toContain(secret);
    expect(said).not.toContain('eighty');
  });
});

describe('the schema step', () => {
  it('needs the database only, and says so', async () => {
    const program = startProgram({ name: 'migrate', file: 'apps/worker/src/migrate.js', environment: {}, folder });
    const { code } = await program.ended;
    expect(code).toBe(1);
    expect(program.output()).toContain('Not started: 1 setting(s) to put right');
    expect(program.output()).toContain('DATABASE_URL is missing');
  });
});
