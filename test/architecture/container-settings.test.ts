import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingNames } from '#infrastructure/config/config.js';
import { repositoryRoot } from './source-files.js';

/** In containers these are fixed, or exist only for the sandbox and for other servers in the vendors' place. */
const notForContainers = ['DATA_DIR', 'PORT', 'WORKER_PORT', 'SANDBOX_PORT', 'INSTAGRAM_BASE_URL', 'TELEGRAM_BASE_URL'];

describe('docker/compose.yml', () => {
  it('hands every setting of the configuration to the containers, as a value or as a file', async () => {
    const compose = await readFile(join(repositoryRoot, 'docker/compose.yml'), 'utf8');
    const app = compose.slice(compose.indexOf('x-app:'), compose.indexOf('\nservices:'));
    const given = [...app.matchAll(/^ {4}([A-Z][A-Z0-9_]*):/gm)].map(([, name = '']) => name.replace(/_FILE$/, ''));
    const wanted = settingNames.filter((name) => !notForContainers.includes(name));
    expect(given.toSorted()).toEqual(wanted.toSorted());
  });

  it('gives secrets as files only', async () => {
    const compose = await readFile(join(repositoryRoot, 'docker/compose.yml'), 'utf8');
    const asValue = /^\s+(APP_SECRET|APP_SECRET_PREVIOUS|\w*TOKEN|\w*KEY|\w*PASSWORD|DATABASE_URL):/gm;
    expect([...compose.matchAll(asValue)].map(([line]) => line.trim())).toEqual([]);
  });
});
