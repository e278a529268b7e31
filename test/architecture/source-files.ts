import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript file below these folders. */
export async function sourceFiles(...folders: readonly string[]): Promise<SourceFile[]> {
  const found = await Promise.all(folders.map((folder) => typescriptFilesOf(join(repositoryRoot, folder))));
  return Promise.all(
    found.flat().map(async (file) => ({
      path: relative(repositoryRoot, file).replaceAll('\\', '/'),
      text: await readFile(file, 'utf8'),
    })),
  );
}

async function typescriptFilesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mts|cts)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('node_modules'));
}
