import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, readConfig, readDatabaseUrl, secretsOf, settingNames, type SettingName } from './config.js';

const complete = {
  DATABASE_URL: 'postgres://brand:p%40ss-word-1@db:5432/comments',
  REDIS_URL: 'redis://cache:6379',
  APP_SECRET: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  TOKEN: 'a-verify-token-of-ours',
  INSTA_TOKEN: 'IGAA-long-lived-token',
  OPENAI_API_KEY: 'sk-proj-0123456789',
};

function errorOf(environment: Record<string, string | undefined>): ConfigError {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  return new ConfigError([]);
}

function problemsOf(environment: Record<string, string | undefined>): string[] {
  return errorOf(environment).problems.map(({ name, problem }) => `${name} ${problem}`);
}

describe('configuration', () => {
  it('says what is wrong with a password that nobody could decode, and masks one in both its spellings', () => {
    const DATABASE_URL = 'postgres://brand:100%pure-secret@db:5432/comments';
    expect(problemsOf({ ...complete, DATABASE_URL })).toEqual([
      'DATABASE_URL has a % in its password that is not written as %25',
    ]);
    expect(secretsOf(readConfig(complete))).toEqual(expect.arrayContaining(['p%40ss-word-1', 'p@ss-word-1']));
  });

  it('needs six settings; everything else has a default', () => {
    const config = readConfig(complete);
    expect(config).toMatchObject({
      apiPort: 3000,
      workerPort: 3001,
      dryRun: false,
      logLevel: 'info',
      shutdownGraceMs: 2_000,
      telegram: undefined,
      replyLimits: { perHour: 750, perAuthor: 5, perThread: 10 },
      concurrency: { thinking: 60, outbound: 20 },
    });
    expect(config.openai.perMinute).toEqual({ requests: undefined, tokens: undefined });
    expect(config.instagram).toMatchObject({ baseUrl: 'https://graph.instagram.com', version: 'v26.0' });
    expect(config.openai).toMatchObject({ baseUrl: 'https://api.openai.com/v1', mode: 'responses' });
  });

  // audit 44: each required setting × missing, empty, blank, sample value, malformed
  const malformed: Partial<Record<SettingName, string>> = { DATABASE_URL: 'mysql://db', REDIS_URL: 'not a url' };
  it.each(Object.keys(complete))('says what is wrong with %s in each way it can be wrong', (name) => {
    const wrong = [undefined, '', '   ', 'changeme', malformed[name as SettingName] ?? 'short']; // a key of `complete`
    for (const value of wrong) {
      const problems = problemsOf({ ...complete, [name]: value });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(new RegExp(`^${name} is `, 'u'));
    }
  });

  // audit 69
  it.each(['0', '-1', '1.5', 'many', '1000001'])(
    'takes %s for no limit: it must be a whole number within bounds',
    (value) => {
      for (const name of ['REPLIES_PER_HOUR', 'REPLIES_PER_AUTHOR', 'REPLIES_PER_THREAD', 'OPENAI_RPM']) {
        expect(problemsOf({ ...complete, [name]: value })).toEqual([`${name} is no whole number from 1 to 1000000`]);
      }
    },
  );

  it('opens as many connections to a vendor as the lanes make calls at once', () => {
    const config = readConfig({ ...complete, THINKING_CONCURRENCY: '50', OUTBOUND_CONCURRENCY: '5' });
    expect(config.concurrency).toEqual({ thinking: 50, outbound: 5 });
    expect([config.openai.sockets, config.instagram.sockets]).toEqual([50, 55]);
  });

  it.each([
    ['THINKING_CONCURRENCY', '201', 200],
    ['THINKING_CONCURRENCY', '0', 200],
    ['OUTBOUND_CONCURRENCY', '101', 100],
    ['OUTBOUND_CONCURRENCY', 'all', 100],
  ])('refuses %s=%s', (name, value, most) => {
    expect(problemsOf({ ...complete, [name]: value })).toEqual([`${name} is no whole number from 1 to ${most}`]);
  });

  it.each(['changeme', '<your app secret>', 'your_app_secret', 'xxxxxxxxxxxxxxxxxxxxxxxx', 'secret'])(
    'refuses the sample value %s',
    (sample) => {
      expect(problemsOf({ ...complete, APP_SECRET: sample })).toEqual(['APP_SECRET is a sample value']);
    },
  );

  it('reports all problems at once, each with how to put it right, and repeats no value', () => {
    const secret = 'sh0rt-s3cret';
    const environment = {
      APP_SECRET: secret,
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      DATABASE_URL: `http://u:${secret}@db`,
    };
    const { problems, message } = errorOf(environment);
    const names = [
      'APP_SECRET',
      'DATABASE_URL',
      'INSTA_TOKEN',
      'LOG_LEVEL',
      'OPENAI_API_KEY',
      'PORT',
      'REDIS_URL',
      'TOKEN',
    ];
    expect(problems.map(({ name }) => name).toSorted()).toEqual(names);
    expect(problems.filter(({ fix }) => fix === '')).toEqual([]);
    expect(message).not.toContain(secret);
    expect(message).not.toContain('eighty');
  });

  it('takes an empty line of .env as not set, for every setting that has a default', () => {
    const required = new Set(Object.keys(complete));
    // The one that says something by being empty has a test of its own.
    const names = settingNames.filter((name) => name !== 'OPENAI_MODEL_EMBEDDING');
    const empty = Object.fromEntries(names.filter((name) => !required.has(name)).map((name) => [name, '']));
    expect(readConfig({ ...empty, ...complete })).toEqual(readConfig(complete));
  });

  it('searches by words alone when the model for vectors is set to nothing', () => {
    expect(readConfig(complete).openai.embedding).toEqual({ name: 'text-embedding-3-small', dimensions: 1_536 });
    expect(readConfig({ ...complete, OPENAI_MODEL_EMBEDDING: ' ' }).openai.embedding).toBeUndefined();
    const other = { OPENAI_MODEL_EMBEDDING: 'nomic-embed-text', OPENAI_EMBEDDING_DIMENSIONS: '768' };
    expect(readConfig({ ...complete, ...other }).openai.embedding).toEqual({
      name: 'nomic-embed-text',
      dimensions: 768,
    });
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['OPENAI_API_MODE', 'assistants'],
    ['OPENAI_MODEL_RESPONSE', 'one,,two'],
    ['OPENAI_MODEL_CLASSIFICATION', 'one, one'],
    ['OPENAI_PRICES', 'free'],
    ['OPENAI_PRICES', '[]'],
    ['OPENAI_PRICES', '{"m":0.1}'],
    ['OPENAI_PRICES', '{"m":{"input":-1,"cached":0,"output":0}}'],
    ['OPENAI_PRICES', '{"m":{"input":1,"cached":0,"output":0,"reasoning":1}}'],
    ['REPLIES_DRY_RUN', 'yes'],
    ['INSTAGRAM_BASE_URL', 'graph.instagram.com'],
    ['TG_CHAT_ALERTS_THREAD_ID', 'general'],
    ['ADMIN_TOKEN', 'short'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ ...complete, [name]: value })).toHaveLength(1);
  });

  it('reads several models, the preferred one first, and prices of their own', () => {
    const price = { input: 0.5, cached: 0, output: 2 };
    const given = { OPENAI_MODEL_CLASSIFICATION: ' one , two', OPENAI_PRICES: JSON.stringify({ one: price }) };
    expect(readConfig({ ...complete, ...given }).openai).toMatchObject({
      classificationModels: ['one', 'two'],
      responseModels: ['gpt-6-luna'],
      prices: { one: price },
    });
  });

  it('wants a chat where there is a bot', () => {
    const bot = { ...complete, TG_TOKEN: '123456:ABC-DEF-0123' };
    expect(problemsOf(bot)).toEqual(['TG_CHAT_ID is missing while TG_TOKEN is set']);
    expect(readConfig({ ...bot, TG_CHAT_ID: '-100123' }).telegram).toMatchObject({ chatId: '-100123' });
  });

  it.each([
    ['https://graph.instagram.com', false],
    ['http://127.0.0.1:3002/instagram', true],
    ['http://localhost:3002/instagram', true],
    ['http://[::1]:3002', true],
    ['http://127.0.0.1.evil.example', false],
  ])('knows whether %s is played here', (address, here) => {
    expect(readConfig({ ...complete, INSTAGRAM_BASE_URL: address }).instagram.playedHere).toBe(here);
  });

  it('accepts two app secrets while one is rotated', () => {
    const rotating = { ...complete, APP_SECRET_PREVIOUS: 'ffeeddccbbaa99887766554433221100' };
    expect(readConfig(rotating).instagram.appSecrets).toEqual([complete.APP_SECRET, rotating.APP_SECRET_PREVIOUS]);
  });

  it('knows what the logger must never print, passwords in addresses too', () => {
    expect(secretsOf(readConfig(complete))).toEqual(expect.arrayContaining(['p@ss-word-1', complete.OPENAI_API_KEY]));
  });

  it('lets the schema step start with the database alone', () => {
    expect(readDatabaseUrl({ DATABASE_URL: complete.DATABASE_URL })).toBe(complete.DATABASE_URL);
    expect(() => readDatabaseUrl({})).toThrow(ConfigError);
  });
});

describe('settings from files', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'settings-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are read when NAME_FILE is set, without the line end that editors add', () => {
    const file = path.join(folder, 'app-secret');
    writeFileSync(file, `${complete.APP_SECRET}\n`);
    const environment = { ...complete, APP_SECRET: undefined, APP_SECRET_FILE: file };
    expect(readConfig(environment).instagram.appSecrets).toEqual([complete.APP_SECRET]);
  });

  it('are reported by name when the file cannot be read', () => {
    const environment = { ...complete, TOKEN: undefined, TOKEN_FILE: path.join(folder, 'missing') };
    expect(problemsOf(environment)).toEqual(['TOKEN_FILE names a file that cannot be read']);
  });
});
