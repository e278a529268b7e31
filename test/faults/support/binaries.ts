import { accessSync, constants, readFileSync } from 'node:fs';
import path from 'node:path';

/** The servers that the suite starts and kills itself. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly redis: string;
}

const how = `The fault suite starts and kills real servers of its own. It looks for them on the PATH; say where they are with
  PG_BIN        folder of a PostgreSQL 15+ (initdb, postgres), for instance /usr/lib/postgresql/15/bin
  REDIS_SERVER  path of a redis-server 6.2+, for instance /usr/bin/redis-server`;

/** @throws Error that says which is missing and how to name it */
export function findBinaries(environment = process.env): Binaries {
  const folders = (environment['PATH'] ?? '').split(path.delimiter);
  const pgFolders = environment['PG_BIN'] ? [environment['PG_BIN']] : folders;
  const found = {
    initdb: executableIn(pgFolders, 'initdb'),
    postgres: executableIn(pgFolders, 'postgres'),
    redis: environment['REDIS_SERVER'] ?? executableIn(folders, 'redis-server'),
  };
  const missing = Object.entries(found).flatMap(([name, file]) => (isExecutable(file) ? [] : [name]));
  if (missing.length > 0) throw new Error(`Not found: ${missing.join(', ')}.\n${how}`);
  return { initdb: found.initdb ?? '', postgres: found.postgres ?? '', redis: found.redis ?? '' };
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
export function serverUser(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const entry = lines.find((line) => line.startsWith('postgres:')) ?? lines.find((line) => line.startsWith('nobody:'));
  const [, , uid, gid] = entry?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error('Run the fault suite as an ordinary user, not as root.');
  return { uid: Number(uid), gid: Number(gid) };
}

function executableIn(folders: readonly string[], name: string): string | undefined {
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

function isExecutable(file: string | undefined): boolean {
  if (file === undefined) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
