import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { keepSecrets } from './secrets.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (): string => path.join(folder, 'data', 'secrets.json');

describe('the secrets of a folder', () => {
  it('are made once, are remembered, and differ from folder to folder', () => {
    const first = keepSecrets(file());
    expect(keepSecrets(file())).toEqual(first);
    const elsewhere = keepSecrets(path.join(folder, 'other.json'));
    for (const [name, secret] of Object.entries(elsewhere))
      expect(Object.entries(first)).not.toContainEqual([name, secret]);
  });

  it('can be read by the owner only', () => {
    keepSecrets(file());
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('of an older version are completed, not replaced', () => {
    keepSecrets(file());
    writeFileSync(file(), JSON.stringify({ appSecret: 'kept' }));
    const secrets = keepSecrets(file());
    expect(secrets.appSecret).toBe('kept');
    expect(keepSecrets(file())).toEqual(secrets);
  });

  it('that cannot be read are a problem with a way out', () => {
    keepSecrets(file());
    writeFileSync(file(), '{"appSecret":');
    expect(() => keepSecrets(file())).toThrow('Delete it');
  });
});
