import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { z } from 'zod';

import { type Engine } from './session.js';

export interface Database extends Engine {
  /** Values which a server reports to every client. */
  readonly parameters: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** A folder to keep, or nothing but memory: gone with the process. */
export type DataPlace = { readonly dataDir: string } | { readonly memory: true };

const reported = ['server_version', 'server_encoding', 'client_encoding', 'DateStyle', 'IntervalStyle', 'TimeZone'];
const reportedToo = ['integer_datetimes', 'standard_conforming_strings', 'search_path', 'is_superuser'];
// The default of 128 MB is claimed at once and doubles the size of the process; small data does not need it.
const memorySettings = ['-c', 'shared_buffers=8MB'];

export async function openDatabase(place: DataPlace): Promise<Database> {
  const pglite = 'memory' in place ? await openInMemory() : await openInFolder(place.dataDir);
  const rows = await pglite.query<Record<string, unknown>>(
    'SELECT name, setting FROM pg_settings WHERE name = ANY($1)',
    [[...reported, ...reportedToo]],
  );
  const settings = z.array(z.object({ name: z.string(), setting: z.string() })).parse(rows.rows);
  return {
    parameters: new Map(settings.map(({ name, setting }) => [name, setting])),
    exchange: (bytes) => exchange(pglite, bytes),
    close: () => pglite.close(),
  };
}

async function exchange(pglite: PGlite, bytes: Buffer): Promise<Buffer> {
  const parts: Buffer[] = [];
  // The engine reuses the memory of a part for the next one, hence the copy.
  await pglite.execProtocolRawStream(bytes, { onRawData: (part) => void parts.push(Buffer.from(part)) });
  return Buffer.concat(parts);
}

/** The folder's parent exists. A new database is made beside its place and then moved, so that a half-made one is never taken for a whole one. */
async function openInFolder(dataDir: string): Promise<PGlite> {
  if (!existsSync(dataDir)) {
    const unfinished = `${dataDir}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    const made = await create({ dataDir: unfinished });
    await made.close();
    renameSync(unfinished, dataDir);
  }
  return create({ dataDir });
}

/** Creating a database takes seconds, loading a copy half of one; tests start many. */
async function openInMemory(): Promise<PGlite> {
  const template = templateFile();
  if (existsSync(template)) return create({ loadDataDir: new Blob([readFileSync(template)]) });
  const pglite = await create({});
  const dump = Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer());
  keepTemplate(template, dump);
  return pglite;
}

function create(options: { dataDir?: string; loadDataDir?: Blob }): Promise<PGlite> {
  const startParams = [...PGlite.defaultStartParams, ...memorySettings];
  return PGlite.create({ dataDir: 'memory://', ...options, startParams, extensions: { vector } });
}

/** Beside the package that made it, so that a fresh install of dependencies starts afresh. */
function templateFile(): string {
  const entry = fileURLToPath(import.meta.resolve('@electric-sql/pglite'));
  const modules = entry.slice(0, entry.lastIndexOf(`${path.sep}@electric-sql${path.sep}`));
  const manifest = readFileSync(path.join(modules, '@electric-sql', 'pglite', 'package.json'), 'utf8');
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(manifest));
  return path.join(modules, '.cache', `embedded-postgres-${version}.tar`);
}

function keepTemplate(template: string, dump: Buffer): void {
  const unfinished = `${template}.${randomUUID()}`;
  try {
    mkdirSync(path.dirname(template), { recursive: true });
    writeFileSync(unfinished, dump);
    renameSync(unfinished, template);
  } catch {
    // A read-only folder costs the next start its head start, nothing else.
    rmSync(unfinished, { force: true });
  }
}
