import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const programs = ['redis-server', 'valkey-server'];

/** Looks for a real server on the search path; undefined when there is none. */
export function findRedisServer(searchPath: string | undefined): string | undefined {
  const folders = (searchPath ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return programs.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
