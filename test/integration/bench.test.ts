import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const main = fileURLToPath(new URL('../../dist/test/bench/main.js', import.meta.url));
const results = z.object({
  environment: z.object({ node: z.string(), cores: z.number() }),
  results: z.array(
    z.object({
      scenario: z.string(),
      postgres: z.string(),
      figures: z.array(z.object({ name: z.string(), value: z.number().nullable(), ratio: z.number().optional() })),
    }),
  ),
});

describe('the bench', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'instachatico-bench-test-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('measures intake on embedded servers and writes what it found', async () => {
    const json = path.join(folder, 'results.json');
    // Nothing on this PATH: so no real server is found.
    const env = { ...process.env, PATH: path.dirname(process.execPath), PG_BIN: folder, REDIS_SERVER: folder };
    await promisify(execFile)(process.execPath, [main, '--scenario', 'intake', '--size', '0.01', '--json', json], {
      env,
    });
    const { results: found } = results.parse(JSON.parse(await readFile(json, 'utf8')));
    expect(found.map(({ scenario }) => scenario)).toEqual(['intake']);
    expect(found[0]?.postgres).toContain('embedded');
    const figures = new Map(found[0]?.figures.map((figure) => [figure.name, figure]));
    expect(figures.get('at 64 connections')?.ratio).toBeGreaterThan(0);
    expect(figures.get('acknowledged comments')?.value).toBeGreaterThan(0);
    expect(figures.get('of these not in the database')?.value).toBe(0);
  });

  it('says what there is when it is asked for something else', async () => {
    const asking = promisify(execFile)(process.execPath, [main, '--scenario', 'nothing']);
    await expect(asking).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('intake') as unknown }); // vitest types it any
  });
});
