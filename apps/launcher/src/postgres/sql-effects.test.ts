import { describe, expect, it } from 'vitest';

import { readEffects } from './sql-effects.js';

describe('what a statement does to the shared session', () => {
  it.each([
    ['listen Comments', [{ verb: 'listen', channel: 'comments' }]],
    ['LISTEN "Comments"', [{ verb: 'listen', channel: 'Comments' }]],
    [
      '-- bell\n/* new */ listen a; unlisten b',
      [
        { verb: 'listen', channel: 'a' },
        { verb: 'unlisten', channel: 'b' },
      ],
    ],
    ['unlisten *', [{ verb: 'unlisten', channel: '*' }]],
    ["select 'please listen to me'", []],
  ])('%j subscribes as it says', (sql, expected) => {
    expect(readEffects([sql]).listen).toEqual(expected);
  });

  it.each([
    ['set time zone 5', true],
    ['begin; SET LOCAL x = 1', true],
    ['reset all', true],
    ["select set_config('a', 'b', false)", true],
    ['update comments set stage = 1', false],
    ['select 1', false],
  ])('%j changes settings: %s', (sql, expected) => {
    expect(readEffects([sql]).changesSettings).toBe(expected);
  });

  it('may be a time limit that the engine must not hear of', () => {
    expect(readEffects(['set idle_in_transaction_session_timeout = 5']).changesTimeouts).toBe(true);
    expect(readEffects(['set statement_timeout = 5']).changesTimeouts).toBe(false);
  });

  it('may be a session lock, but not one that ends with its transaction', () => {
    expect(readEffects(['select pg_try_advisory_lock(1)']).takesSessionLocks).toBe(true);
    expect(readEffects(['select pg_advisory_lock_shared(1)']).takesSessionLocks).toBe(true);
    expect(readEffects(['select pg_advisory_xact_lock(1)']).takesSessionLocks).toBe(false);
  });

  it('may be a copy from the client, which the engine would not survive', () => {
    expect(readEffects(['COPY t (a, b) FROM STDIN WITH (format csv)']).copiesIn).toBe(true);
    expect(readEffects(['copy t to stdout']).copiesIn).toBe(false);
    expect(readEffects(["select 'copy x from stdin'"]).copiesIn).toBe(false);
  });
});
