import { defineConfig } from 'vitest/config';

// `#domain/…` leads to TypeScript sources (package.json "imports"), so tests need no build of the libs.
// Not `import` or `module`: vitest hands them to Node, where `require` inside CommonJS packages would take ES modules.
const conditions = ['source', 'node', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{apps,libs}/**/*.test.ts', 'test/{architecture,model,bench,safety}/**/*.test.ts'],
          environment: 'node',
          sequence: { groupOrder: 0 },
          // Only for what hangs: a busy machine is no failure.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/{contracts,integration,e2e}/**/*.test.ts'],
          environment: 'node',
          // Each suite starts processes of its own (database, queue, apps): two at a time is what 2 cores carry.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A test that passes at the second try has found something: look at it.
          retry: 0,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          environment: 'node',
          // Each suite starts servers, apis and workers of its own: more at once would only starve each other.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          // The long form takes hours, and says itself when something takes too long.
          testTimeout: 6 * 3_600_000,
          hookTimeout: 300_000,
          retry: 0,
        },
      },
    ],
  },
});
