// The architecture, executable. One named rule per sentence of CONTRIBUTING.md, "Who may import whom".
// Rules speak about directories; the one exception is `*.test.ts`, which sits beside the code it tests.

const TEST = '\\.test\\.ts$';
const NPM = '(^|/)node_modules/';
// Declaration-only packages never reach a running process.
const TYPES_ONLY = '(^|/)node_modules/@types/';
// Makes logs readable in a terminal; the logger does without it where it is not installed.
const OPTIONAL = '(^|/)node_modules/pino-pretty/';

/** A technology is a folder too: replacing it means replacing that folder. */
function staysIn(folder, packages) {
  return {
    name: `${packages}-in-${folder}-only`,
    comment: `Other folders speak to a port of libs/domain, or to what libs/infrastructure/src/${folder} offers.`,
    severity: 'error',
    from: { path: '^(apps/(api|worker)|libs)/', pathNot: [TEST, `^libs/infrastructure/src/${folder}/`] },
    to: { path: `(^|/)node_modules/(${packages.replaceAll('-and-', '|')})/` },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'domain-imports-itself-and-zod',
      comment:
        'libs/domain says what is true. It knows no queue, database, vendor, framework or Node module: only zod.',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: TEST },
      to: { pathNot: ['^libs/domain/', `${NPM}zod/`] },
    },
    {
      name: 'use-cases-import-the-domain',
      comment:
        'libs/use-cases says what happens, in words of the domain. Reach the world through a port of libs/domain.',
      severity: 'error',
      from: { path: '^libs/use-cases/', pathNot: TEST },
      to: { pathNot: ['^libs/domain/', '^libs/use-cases/'] },
    },
    {
      name: 'no-use-case-imports-another',
      comment: 'To share a decision, write a domain function; to continue later, add a job.',
      severity: 'error',
      from: { path: '^libs/use-cases/', pathNot: TEST },
      to: { path: '^libs/use-cases/' },
    },
    {
      name: 'infrastructure-knows-no-use-case-and-no-app',
      comment: 'libs/infrastructure says how. It implements ports of libs/domain and is wired by the apps.',
      severity: 'error',
      from: { path: '^libs/infrastructure/', pathNot: TEST },
      to: { path: '^(libs/use-cases|apps)/' },
    },
    {
      name: 'a-platform-is-a-folder',
      comment:
        'A platform uses the domain, npm, and the shared technical folders: never another platform or a database.',
      severity: 'error',
      from: { path: '^libs/infrastructure/src/platforms/([^/]+)/', pathNot: TEST },
      to: {
        path: '^libs/infrastructure/',
        pathNot: '^libs/infrastructure/src/(platforms/$1|resilience|telemetry|config)/',
      },
    },
    {
      name: 'a-platform-is-reached-through-the-list',
      comment: 'Only platforms/platforms.ts knows which platforms exist.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [TEST, '^libs/infrastructure/src/platforms/'] },
      to: { path: '^libs/infrastructure/src/platforms/[^/]+/' },
    },
    staysIn('postgres', 'typeorm-and-pg'),
    staysIn('openai', 'openai'),
    staysIn('redis', 'redis'),
    staysIn('resilience', 'opossum'),
    {
      name: 'no-app-imports-another',
      comment: 'An app says when. What two apps need belongs in a lib.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: TEST },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-know-no-app',
      comment: 'Apps are the composition roots: they import libs, never the other way round.',
      severity: 'error',
      from: { path: '^libs/', pathNot: TEST },
      to: { path: '^apps/' },
    },
    {
      name: 'nothing-imports-test',
      comment: 'Scenarios, fakes and contracts never enter an image. Only `*.test.ts` files may use them.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: TEST },
      to: { path: '^test/' },
    },
    {
      name: 'no-test-file-is-imported',
      comment: 'A `*.test.ts` file is started by the test runner; shared parts live in test/.',
      severity: 'error',
      from: {},
      to: { path: TEST },
    },
    {
      name: 'production-uses-production-dependencies',
      comment: 'Images are installed without development dependencies: such an import would only fail there.',
      severity: 'error',
      from: { path: '^(apps/(api|worker)|libs)/', pathNot: TEST },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: [TYPES_ONLY, OPTIONAL] },
    },
    {
      name: 'no-undeclared-package',
      comment: 'A package that only another package brought along may vanish with its next release. Declare it.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or need a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nobody imports this file and it imports nobody: delete it.',
      severity: 'error',
      from: { orphan: true, pathNot: [TEST, '\\.d\\.ts$', '^apps/[^/]+/src/[^/]*main\\.ts$'] },
      to: {},
    },
    {
      name: 'everything-resolves',
      comment: 'The import leads nowhere. Relative paths end in `.js`; other libs are `#domain/…`, `#use-cases/…`.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Types count: a type that leaks from the database into the domain is a dependency too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: {
      // `source` leads `#domain/x.js` to the TypeScript file, as tsconfig.json and vitest.config.ts do.
      conditionNames: ['source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
