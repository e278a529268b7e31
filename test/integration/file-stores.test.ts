import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FolderFileStore } from '#infrastructure/storage/folder-file-store.js';
import { S3FileStore } from '#infrastructure/storage/s3-file-store.js';
import { fileStoreContract } from '../contracts/file-store.contract.js';
import { S3Server } from '../support/s3-server.js';

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map(async (folder) => await rm(folder, { recursive: true, force: true })));
});

async function files(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const found = await Promise.all(
    names.map(async (name) => ((await stat(path.join(folder, name))).isFile() ? [path.join(folder, name)] : [])),
  );
  return found.flat();
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'instachatico-files-'));
  folders.push(folder);
  return folder;
}

describe('a folder as the store of files', () => {
  fileStoreContract(async () => {
    const folder = await newFolder();
    return {
      store: new FolderFileStore(path.join(folder, 'not', 'there', 'yet')),
      holds: async () => (await files(folder)).length,
      age: async (when) => {
        for (const file of await files(folder)) await utimes(file, when, when);
      },
    };
  });

  it('is closed to others on this machine', async () => {
    const folder = path.join(await newFolder(), 'files');
    const { key } = await new FolderFileStore(folder).put(bytes(), 100);
    const [file = ''] = await files(folder);
    expect(path.basename(file)).toBe(key);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
  });

  it('clears away what a writer who died left half-written, and lists no file that is not its own', async () => {
    const folder = await newFolder();
    await mkdir(path.join(folder, 'unfinished'));
    const left = path.join(folder, 'unfinished', '0b5dc17c-58b9-4a39-9f0e-4c38f4b2a111');
    const foreign = path.join(folder, 'notes.txt');
    const long = new Date('2026-01-01T00:00:00Z');
    for (const file of [left, foreign]) {
      await writeFile(file, 'half');
      await utimes(file, long, long);
    }
    const named: string[] = [];
    for await (const key of new FolderFileStore(folder).olderThan(new Date())) named.push(key);
    expect(named).toEqual([]);
    expect(await files(folder)).toEqual([foreign]);
  });

  it('says that it does not work when its folder cannot be used', async () => {
    const file = path.join(await newFolder(), 'no-folder');
    await writeFile(file, '');
    const store = new FolderFileStore(file);
    await expect(store.put(bytes(), 100)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(store.check()).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('a bucket as the store of files', () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await S3Server.start('knowledge');
  });
  afterEach(() => {
    server.trouble = undefined;
  });
  afterAll(async () => {
    await server.stop();
  });
  const storeOf = (secret = 'test-secret', id = 'test-key', bucket = 'knowledge'): S3FileStore =>
    new S3FileStore({ bucket, endpoint: server.url, region: 'us-east-1', keys: { id, secret }, pathStyle: true });

  fileStoreContract(async () => {
    server.objects.clear();
    return await Promise.resolve({
      store: storeOf(),
      holds: async () => await Promise.resolve(server.objects.size + server.uploads.size),
      age: async (when) => {
        for (const object of server.objects.values()) object.changed = when;
        await Promise.resolve();
      },
    });
  });

  it('is asked with signed requests only', async () => {
    await storeOf().put(bytes(), 100);
    expect(server.unsigned).toBe(0);
    await expect(storeOf('test-secret', 'another').put(bytes(), 100)).rejects.toMatchObject({ kind: 'misconfigured' });
    expect(server.unsigned).toBe(1);
  });

  it.each([500, 503])('may work again later after HTTP %i', async (status) => {
    server.trouble = status;
    await expect(storeOf().put(bytes(), 100)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('that does not exist is a setting to put right', async () => {
    const store = storeOf('test-secret', 'test-key', 'another');
    await expect(store.put(bytes(), 100)).rejects.toMatchObject({ kind: 'misconfigured' });
  });

  it('gives what others put into the same bucket, but nothing of ours by its name there', async () => {
    server.objects.set('prices/2026.pdf', { content: Buffer.from('prices'), changed: new Date() });
    const { key } = await storeOf().put(bytes(), 100);
    const parts: Uint8Array[] = [];
    for await (const part of await storeOf().openForeign('prices/2026.pdf')) parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe('prices');
    for (const name of [`instachatico/${key}`, 'nothing/here', '']) {
      await expect(storeOf().openForeign(name)).rejects.toMatchObject({ kind: 'not-found' });
    }
  });
});

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from('bread'));
}
