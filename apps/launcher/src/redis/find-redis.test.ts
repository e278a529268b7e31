import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findRedisServer } from './find-redis.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bin-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('an installed Redis', () => {
  it('is found on the search path, redis-server before valkey-server', () => {
    const searchPath = ['/nowhere', folder].join(path.delimiter);
    writeFileSync(path.join(folder, 'valkey-server'), '', { mode: 0o755 });
    expect(findRedisServer(searchPath)).toBe(path.join(folder, 'valkey-server'));
    writeFileSync(path.join(folder, 'redis-server'), '', { mode: 0o755 });
    expect(findRedisServer(searchPath)).toBe(path.join(folder, 'redis-server'));
  });

  it('must be a program, and the folder where somebody happens to stand is not searched', () => {
    writeFileSync(path.join(folder, 'redis-server'), '', { mode: 0o644 });
    expect(findRedisServer(folder)).toBeUndefined();
    expect(findRedisServer(path.relative(process.cwd(), folder))).toBeUndefined();
    expect(findRedisServer(undefined)).toBeUndefined();
  });
});
