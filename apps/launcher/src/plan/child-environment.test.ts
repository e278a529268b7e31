import { describe, expect, it } from 'vitest';

import { type Addresses, programEnvironment, sandboxEnvironment } from './child-environment.js';
import { choose } from './choices.js';
import { GivenSettings } from './given-settings.js';
import { type Secrets } from './secrets.js';

const secrets: Secrets = {
  appSecret: 'made-app-secret',
  verifyToken: 'made-verify-token',
  instagramToken: 'made-instagram-token',
  openaiKey: 'made-openai-key',
  telegramToken: 'made-telegram-token',
  telegramChatId: 'made-chat',
  encryptionKey: 'made-encryption-key',
};

function environmentsFor(settings: Record<string, string>) {
  const given = new GivenSettings(settings);
  const choices = choose((name) => given.isSet(name), undefined);
  const addresses: Addresses = {
    ports: { api: 4000, worker: 4001, sandbox: 4002 },
    databaseUrl: choices.database === 'given' ? undefined : 'postgres://embedded',
    redisUrl: choices.queue === 'given' ? undefined : 'redis://embedded',
  };
  return {
    programs: programEnvironment(given, choices, secrets, addresses),
    sandbox: sandboxEnvironment(given, choices, secrets, addresses, '/data/sandbox'),
  };
}

describe('the settings of a program started here', () => {
  it('lead a newcomer without settings to the sandbox', () => {
    const { programs, sandbox } = environmentsFor({});
    expect(programs).toEqual({
      HOST: '127.0.0.1',
      DATABASE_URL: 'postgres://embedded',
      REDIS_URL: 'redis://embedded',
      PORT: '4000',
      WORKER_PORT: '4001',
      SANDBOX_PORT: '4002',
      INSTAGRAM_BASE_URL: 'http://127.0.0.1:4002/instagram',
      INSTA_TOKEN: 'made-instagram-token',
      APP_SECRET: 'made-app-secret',
      TOKEN: 'made-verify-token',
      OPENAI_BASE_URL: 'http://127.0.0.1:4002/openai/v1',
      OPENAI_API_KEY: 'made-openai-key',
      TELEGRAM_BASE_URL: 'http://127.0.0.1:4002/telegram',
      TG_TOKEN: 'made-telegram-token',
      TG_CHAT_ID: 'made-chat',
      REPLIES_PER_AUTHOR: '1000',
      ENCRYPTION_KEY: 'made-encryption-key',
    });
    for (const name of ['APP_SECRET', 'TOKEN', 'INSTA_TOKEN', 'OPENAI_API_KEY', 'TG_TOKEN', 'TG_CHAT_ID']) {
      expect(sandbox[name]).toBe(programs[name]);
    }
  });

  it('keep what the user said: own secrets also hold for the Instagram that the sandbox plays', () => {
    const { programs, sandbox } = environmentsFor({
      APP_SECRET: 'mine',
      ADMIN_TOKEN: 'admin',
      REPLIES_PER_AUTHOR: '3',
    });
    expect(programs['REPLIES_PER_AUTHOR']).toBe('3');
    expect([programs['APP_SECRET'], sandbox['APP_SECRET'], sandbox['ADMIN_TOKEN']]).toEqual(['mine', 'mine', 'admin']);
  });

  it('leave an address alone that the user gave, and bring a key for it when there is none', () => {
    const { programs } = environmentsFor({ OPENAI_BASE_URL: 'http://my-model' });
    expect(programs).toMatchObject({ OPENAI_BASE_URL: 'http://my-model', OPENAI_API_KEY: 'made-openai-key' });
    const own = environmentsFor({ INSTAGRAM_BASE_URL: 'http://proxy', INSTA_TOKEN: 'real' }).programs;
    expect(own).toMatchObject({ INSTAGRAM_BASE_URL: 'http://proxy', INSTA_TOKEN: 'real' });
    expect(own).not.toHaveProperty('APP_SECRET');
  });

  it('never show the sandbox a real key, the real app secret or the database', () => {
    const real = {
      INSTA_TOKEN: 'REAL',
      APP_SECRET: 'REAL',
      APP_SECRET_PREVIOUS: 'REAL',
      TOKEN: 'REAL',
      TG_TOKEN: 'REAL',
      TG_CHAT_ID: 'REAL',
      DATABASE_URL: 'REAL',
      REDIS_URL: 'REAL',
      PATH: '/bin',
    };
    const { programs, sandbox } = environmentsFor(real);
    expect(Object.values(sandbox)).not.toContain('REAL');
    expect(sandbox).toMatchObject({ PATH: '/bin', OPENAI_API_KEY: 'made-openai-key' });
    expect(programs).toMatchObject(real);
  });

  it('count a blank setting, as a copied .env has them, as none', () => {
    expect(environmentsFor({ INSTA_TOKEN: '', DATABASE_URL: ' ' }).programs).toMatchObject({
      INSTA_TOKEN: 'made-instagram-token',
      DATABASE_URL: 'postgres://embedded',
    });
  });
});
