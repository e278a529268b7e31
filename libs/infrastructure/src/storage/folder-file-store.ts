import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FileStore, StoredFile } from '#domain/knowledge/file-store.js';
import { AppError } from '#domain/shared/errors.js';
import { measured } from './measured.js';

/** What a key looks like, and nothing else is ever opened: a name from outside cannot lead anywhere. */
const keyPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;
/** Beside the files, so that it is on the same disk and the renaming one step. */
const unfinished = 'unfinished';

/**
 * Files in a folder that the api and the worker share. A file is written under another name, brought to the disk, and
 * only then renamed: what has a key is whole.
 */
export class FolderFileStore implements FileStore {
  constructor(private readonly folder: string) {}

  async put(content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredFile> {
    const key = randomUUID();
    const temporary = path.join(this.folder, unfinished, key);
    const { content: counted, bytes, hash } = measured(content, maxBytes);
    try {
      await usable(mkdir(path.join(this.folder, unfinished), { recursive: true, mode: 0o700 }));
      await pipeline(counted, createWriteStream(temporary, { flags: 'wx', mode: 0o600 }));
      await toDisk(temporary);
      await mkdir(path.dirname(this.pathOf(key)), { recursive: true, mode: 0o700 });
      await rename(temporary, this.pathOf(key));
      await toDisk(path.dirname(this.pathOf(key)));
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined); // what was wrong first is what counts
      throw isOfDisk(error) ? notUsable(error) : error;
    }
    return { key, bytes: bytes(), hash: hash() };
  }

  async open(key: string): Promise<AsyncIterable<Uint8Array>> {
    if (!keyPattern.test(key)) throw notFound();
    const stream = createReadStream(this.pathOf(key));
    try {
      await new Promise((resolve, reject) => stream.once('open', resolve).once('error', reject));
    } catch (error) {
      throw codeOf(error) === 'ENOENT' ? notFound() : notUsable(error);
    }
    return stream;
  }

  async remove(key: string): Promise<void> {
    if (!keyPattern.test(key)) return;
    await usable(rm(this.pathOf(key), { force: true }));
  }

  async *olderThan(before: Date): AsyncGenerator<string> {
    for await (const { folder, name } of this.everything()) {
      const changed = await stat(path.join(folder, name)).catch(() => undefined); // gone meanwhile
      if (!changed || changed.mtime >= before) continue;
      if (path.basename(folder) !== unfinished) yield name;
      // Nobody writes for so long: its writer died.
      else await rm(path.join(folder, name), { force: true });
    }
  }

  /** @throws AppError 'unavailable' when the folder cannot be written to */
  async check(): Promise<void> {
    await usable(mkdir(path.join(this.folder, unfinished), { recursive: true, mode: 0o700 }));
  }

  /** By their first letters: folders with a hundred thousand files are slow on some disks. */
  private pathOf(key: string): string {
    return path.join(this.folder, key.slice(0, 2), key);
  }

  private async *everything(): AsyncGenerator<{ readonly folder: string; readonly name: string }> {
    for await (const entry of entriesOf(this.folder)) {
      if (!entry.isDirectory() || !(entry.name === unfinished || /^[0-9a-f]{2}$/u.test(entry.name))) continue;
      const folder = path.join(this.folder, entry.name);
      for await (const { name } of entriesOf(folder)) if (keyPattern.test(name)) yield { folder, name };
    }
  }
}

async function* entriesOf(folder: string) {
  const entries = await opendir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []; // nothing has been stored yet
    throw notUsable(error);
  });
  yield* entries;
}

/** Power may fail right after we have said that the file is kept. */
async function toDisk(name: string): Promise<void> {
  const handle = await open(name, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function usable<Result>(step: Promise<Result>): Promise<Result> {
  return await step.catch((error: unknown) => {
    throw notUsable(error);
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function isOfDisk(error: unknown): boolean {
  return /^(?:ENOSPC|EDQUOT|EROFS|EACCES|EPERM|EIO|EMFILE|ENFILE|ENOTDIR|ENOENT|EEXIST)$/u.test(codeOf(error));
}

function notUsable(error: unknown): AppError {
  return new AppError('unavailable', 'The store of files does not work now; its folder is full, closed or away.', {
    cause: error,
    detail: { code: codeOf(error) },
  });
}

function notFound(): AppError {
  return new AppError('not-found', 'There is no file of this key.');
}
