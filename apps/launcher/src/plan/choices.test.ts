import { describe as group, expect, it } from 'vitest';

import { choose, describe, needsSandbox } from './choices.js';

const set =
  (...names: string[]) =>
  (name: string) =>
    names.includes(name);

group('what is started', () => {
  it('is everything on a bare machine without settings', () => {
    const choices = choose(set(), undefined);
    expect(choices).toEqual({
      database: 'embedded',
      queue: 'embedded',
      vendors: { instagram: 'sandbox', openai: 'sandbox', telegram: 'sandbox' },
    });
    expect(needsSandbox(choices)).toBe(true);
  });

  it('is nothing beside the programs when every address and key is given', () => {
    const choices = choose(
      set('DATABASE_URL', 'REDIS_URL', 'INSTA_TOKEN', 'OPENAI_API_KEY', 'TG_TOKEN'),
      '/bin/redis-server',
    );
    expect(choices).toEqual({
      database: 'given',
      queue: 'given',
      vendors: { instagram: 'real', openai: 'real', telegram: 'real' },
    });
    expect(needsSandbox(choices)).toBe(false);
  });

  it('is an installed Redis rather than the embedded one, but a Redis that is named goes before both', () => {
    expect(choose(set(), '/bin/redis-server').queue).toEqual({ binary: '/bin/redis-server' });
    expect(choose(set('REDIS_URL'), '/bin/redis-server').queue).toBe('given');
  });

  it('is decided for each vendor alone', () => {
    const choices = choose(set('OPENAI_API_KEY', 'TELEGRAM_BASE_URL'), undefined);
    expect(choices.vendors).toEqual({ instagram: 'sandbox', openai: 'real', telegram: 'elsewhere' });
    expect(needsSandbox(choices)).toBe(true);
  });

  it('is told in one line each, which says how to change it', () => {
    const isSet = set('DATABASE_URL', 'OPENAI_API_KEY');
    const lines = describe(choose(isSet, undefined), '.data', isSet, false);
    expect(lines).toHaveLength(5);
    expect(lines[0]).toContain('unset it to use an embedded one');
    expect(lines[1]).toContain('set REDIS_URL');
    expect(lines[2]).toContain('set INSTA_TOKEN, APP_SECRET and TOKEN');
    expect(lines[3]).toContain('your OPENAI_API_KEY');
    expect(lines[4]).toContain('TG_TOKEN');
  });

  it('says which settings lead away from the real model, and that nothing is published in a dry run', () => {
    const isSet = set('OPENAI_API_KEY', 'OPENAI_BASE_URL', 'REPLIES_DRY_RUN');
    const lines = describe(choose(isSet, undefined), '.data', isSet, true);
    expect(lines[3]).toContain('the server at OPENAI_BASE_URL with your OPENAI_API_KEY');
    expect(lines[5]).toContain('nothing is published');
  });
});
