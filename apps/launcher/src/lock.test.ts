import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { LockHeld, takeLock } from './lock.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lockFile = (): string => path.join(folder, 'data', 'launcher.lock');

describe('the lock of a folder', () => {
  it('names its holder, and is gone after its release', async () => {
    const lock = await takeLock(lockFile());
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid });
    lock.release();
    expect(() => readFileSync(lockFile())).toThrow('ENOENT');
  });

  it('is refused while its holder lives, and the refusal says who that is', async () => {
    (await takeLock(lockFile())).release();
    writeFileSync(lockFile(), JSON.stringify({ pid: process.ppid, born: null }));
    const refusal = await takeLock(lockFile()).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(LockHeld);
    expect(refusal).toMatchObject({ pid: process.ppid });
  });

  it.each([
    ['a process that has ended', { pid: 2 ** 22 + 1, born: null }],
    ['a former process with our own number, as in a restarted container', { pid: process.pid, born: 'before' }],
  ])('is taken over from %s', async (_, holder) => {
    (await takeLock(lockFile())).release();
    writeFileSync(lockFile(), JSON.stringify(holder));
    await expect(takeLock(lockFile())).resolves.toBeDefined();
  });

  it.runIf(process.platform === 'linux')('is taken over when its number belongs to a younger process', async () => {
    (await takeLock(lockFile())).release();
    writeFileSync(lockFile(), JSON.stringify({ pid: process.ppid, born: 'another-boot/17' }));
    await expect(takeLock(lockFile())).resolves.toBeDefined();
  });

  it('without content is somebody just writing it, unless that was long ago', async () => {
    (await takeLock(lockFile())).release();
    writeFileSync(lockFile(), '');
    await expect(takeLock(lockFile())).rejects.toThrow('another process');
    utimesSync(lockFile(), 0, 0);
    await expect(takeLock(lockFile())).resolves.toBeDefined();
  });

  it('is not released by somebody who no longer holds it', async () => {
    const lock = await takeLock(lockFile());
    const theirs = JSON.stringify({ pid: process.ppid, born: null });
    writeFileSync(lockFile(), theirs);
    lock.release();
    expect(readFileSync(lockFile(), 'utf8')).toBe(theirs);
  });
});
