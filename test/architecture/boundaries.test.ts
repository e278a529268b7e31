import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { repositoryRoot } from './source-files.js';

const require = createRequire(import.meta.url);
const Config = z.object({ forbidden: z.array(z.object({ name: z.string() })) });
const Report = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

/** A small house that keeps every rule, and may stay when the forbidden imports move in. */
const lawful = {
  'libs/domain/src/comment.ts': `import { z } from 'zod'; export const Comment = z.string();`,
  'libs/domain/src/comment.test.ts': `import { it } from 'vitest'; import { fake } from '../../../test/fake.js'; import './comment.js'; it('', () => fake);`,
  'libs/use-cases/src/receive.ts': `import { Comment } from '#domain/comment.js'; export const receive = Comment;`,
  'libs/use-cases/src/receive.test.ts': `import { receive } from './receive.js'; export const test = receive;`,
  'libs/infrastructure/src/resilience/guarded.ts': `import { setTimeout } from 'node:timers'; export const guarded = setTimeout;`,
  'libs/infrastructure/src/postgres/rows.ts': `import pg from 'pg'; import { Comment } from '#domain/comment.js'; export const rows = [pg, Comment];`,
  'libs/infrastructure/src/platforms/platforms.ts': `import { pictures } from './pictures/api.js'; import { videos } from './videos/api.js'; export const all = [pictures, videos];`,
  'libs/infrastructure/src/platforms/pictures/api.ts': `import { guarded } from '../../resilience/guarded.js'; export const pictures = guarded;`,
  'libs/infrastructure/src/platforms/videos/api.ts': `import type { Comment } from '#domain/comment.js'; export const videos: Comment[] = [];`,
  'apps/api/src/main.ts': `import { receive } from '#use-cases/receive.js'; import { all } from '#infrastructure/platforms/platforms.js'; import { rows } from '#infrastructure/postgres/rows.js'; receive(all, rows);`,
  'apps/worker/src/main.ts': `import { receive } from '#use-cases/receive.js'; receive();`,
  'test/hen.ts': `import { egg } from './egg.js'; export const hen = egg;`,
  'test/fake.ts': `import { Comment } from '#domain/comment.js'; export const fake = Comment;`,
};

/** rule → [file, its content, what the forbidden import leads to] */
const planted: Record<string, readonly (readonly [file: string, content: string, to: string])[]> = {
  'domain-imports-itself-and-zod': [
    ['libs/domain/src/reads-files.ts', `import 'node:fs';`, 'fs'],
    ['libs/domain/src/reads-rows.ts', `import 'pg';`, 'node_modules/pg/index.js'],
    [
      'libs/domain/src/knows-row-type.ts',
      `import type { rows } from '#infrastructure/postgres/rows.js'; export type R = typeof rows;`,
      'libs/infrastructure/src/postgres/rows.ts',
    ],
    ['libs/domain/src/knows-use-case.ts', `import '../../use-cases/src/receive.js';`, 'libs/use-cases/src/receive.ts'],
  ],
  'use-cases-import-the-domain': [
    ['libs/use-cases/src/parses.ts', `import 'zod';`, 'node_modules/zod/index.js'],
    [
      'libs/use-cases/src/queries.ts',
      `import '#infrastructure/postgres/rows.js';`,
      'libs/infrastructure/src/postgres/rows.ts',
    ],
  ],
  'no-use-case-imports-another': [
    [
      'libs/use-cases/src/chains.ts',
      `import { receive } from './receive.js'; receive();`,
      'libs/use-cases/src/receive.ts',
    ],
    ['libs/use-cases/src/chains-by-alias.ts', `import '#use-cases/receive.js';`, 'libs/use-cases/src/receive.ts'],
  ],
  'infrastructure-knows-no-use-case-and-no-app': [
    ['libs/infrastructure/src/decides.ts', `import '#use-cases/receive.js';`, 'libs/use-cases/src/receive.ts'],
    ['libs/infrastructure/src/boots.ts', `import '../../../apps/api/src/main.js';`, 'apps/api/src/main.ts'],
  ],
  'a-platform-is-a-folder': [
    [
      'libs/infrastructure/src/platforms/videos/borrows.ts',
      `import '../pictures/api.js';`,
      'libs/infrastructure/src/platforms/pictures/api.ts',
    ],
    [
      'libs/infrastructure/src/platforms/videos/stores.ts',
      `import '../../postgres/rows.js';`,
      'libs/infrastructure/src/postgres/rows.ts',
    ],
  ],
  'a-platform-is-reached-through-the-list': [
    [
      'apps/api/src/picks-a-platform.ts',
      `import '#infrastructure/platforms/pictures/api.js';`,
      'libs/infrastructure/src/platforms/pictures/api.ts',
    ],
  ],
  'typeorm-and-pg-in-postgres-only': [
    ['apps/api/src/queries.ts', `import 'pg';`, 'node_modules/pg/index.js'],
    ['libs/infrastructure/src/telemetry/queries.ts', `import 'typeorm';`, 'node_modules/typeorm/index.js'],
  ],
  'openai-in-openai-only': [['apps/worker/src/asks.ts', `import 'openai';`, 'node_modules/openai/index.js']],
  'redis-in-redis-only': [['apps/api/src/counts.ts', `import 'redis';`, 'node_modules/redis/index.js']],
  'opossum-in-resilience-only': [
    ['libs/infrastructure/src/openai/breaks.ts', `import 'opossum';`, 'node_modules/opossum/index.js'],
  ],
  'no-app-imports-another': [
    ['apps/api/src/borrows.ts', `import '../../worker/src/main.js';`, 'apps/worker/src/main.ts'],
  ],
  'libs-know-no-app': [['libs/domain/src/boots.ts', `import '../../../apps/api/src/main.js';`, 'apps/api/src/main.ts']],
  'nothing-imports-test': [
    ['apps/worker/src/plays.ts', `import '../../../test/fake.js';`, 'test/fake.ts'],
    ['libs/infrastructure/src/plays.ts', `import '../../../test/fake.js';`, 'test/fake.ts'],
  ],
  'no-test-file-is-imported': [
    ['test/borrows.ts', `import '../libs/use-cases/src/receive.test.js';`, 'libs/use-cases/src/receive.test.ts'],
  ],
  'production-uses-production-dependencies': [
    ['apps/worker/src/asserts.ts', `import 'vitest';`, 'node_modules/vitest/index.js'],
  ],
  'no-undeclared-package': [['test/lucky.ts', `import 'transitive';`, 'node_modules/transitive/index.js']],
  'no-cycles': [['test/egg.ts', `import { hen } from './hen.js'; export const egg = hen;`, 'test/hen.ts']],
  'no-orphans': [['apps/api/src/forgotten.ts', `export const forgotten = 1;`, 'apps/api/src/forgotten.ts']],
  'everything-resolves': [['apps/api/src/misspells.ts', `import '#domain/comments.js';`, '#domain/comments.js']],
};

const version = '1.0.0';
const dependencies = { openai: version, opossum: version, pg: version, redis: version, typeorm: version, zod: version };
const devDependencies = { vitest: version };

describe('the dependency rules of the house', () => {
  let house = '';
  let violations: readonly { readonly rule: string; readonly from: string; readonly to: string }[] = [];

  beforeAll(async () => {
    house = await mkdtemp(join(tmpdir(), 'house-'));
    await build(house);
    violations = await cruise(house);
  }, 30_000);
  afterAll(() => rm(house, { recursive: true, force: true }));

  for (const [rule, files] of Object.entries(planted)) {
    for (const [from, , to] of files) {
      it(`${rule}: reports ${from}`, () => expect(violations).toContainEqual({ rule, from, to }));
    }
  }

  it('reports nothing in files that keep the rules', () => {
    const guilty = new Set(violations.map((violation) => violation.from));
    expect(Object.keys(lawful).filter((file) => guilty.has(file))).toEqual([]);
  });

  it('has a planted violation for each of its rules', () => {
    const config = Config.parse(require(join(repositoryRoot, '.dependency-cruiser.cjs')));
    expect(config.forbidden.map((rule) => rule.name).toSorted()).toEqual(Object.keys(planted).toSorted());
  });
});

async function build(house: string): Promise<void> {
  const { imports } = z
    .object({ imports: z.record(z.string(), z.unknown()) })
    .parse(require(join(repositoryRoot, 'package.json')));
  const manifest = { name: 'house', type: 'module', imports, dependencies, devDependencies };
  const files = new Map<string, string>([...Object.entries(lawful), ['package.json', JSON.stringify(manifest)]]);
  for (const [file, content] of Object.values(planted).flat()) files.set(file, content);
  for (const name of [...Object.keys(dependencies), ...Object.keys(devDependencies), 'transitive']) {
    files.set(`node_modules/${name}/package.json`, JSON.stringify({ name, version, main: 'index.js' }));
    files.set(`node_modules/${name}/index.js`, 'export default 1;');
  }
  for (const [file, content] of files) {
    await mkdir(dirname(join(house, file)), { recursive: true });
    await writeFile(join(house, file), content);
  }
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json']) {
    await cp(join(repositoryRoot, file), join(house, file));
  }
}

/** Runs the very command of `npm run boundaries`, in the small house. */
async function cruise(house: string): Promise<{ rule: string; from: string; to: string }[]> {
  const bin = join(repositoryRoot, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [bin, 'apps', 'libs', 'test', '--output-type', 'json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: house, maxBuffer: 1 << 24 });
  const { summary } = Report.parse(JSON.parse(stdout));
  return summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
}
