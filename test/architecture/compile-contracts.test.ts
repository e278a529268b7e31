import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { jobCatalog } from '#domain/jobs/job-catalog.js';
import { repositoryRoot } from './source-files.js';

const done = `
  import type { JobHandlers } from '#domain/jobs/job-catalog.js';
  declare const done: Awaited<ReturnType<JobHandlers['replies.send']>>;`;

/** Handlers for these jobs, each doing nothing. */
const handlers = (names: readonly string[]): string => `${done}
  export const handlers: JobHandlers = { ${names.map((name) => `'${name}': async () => done`).join(', ')} };`;

const handler = (body: string): string => `${done}
  export const handler: JobHandlers['replies.send'] = ${body};`;

const ring = (request: string): string => `
  import type { JobQueue } from '#domain/jobs/job-queue.js';
  import { CommentId, ReplyId } from '#domain/shared/ids.js';
  export const ring = (queue: JobQueue, replyId: ReplyId, commentId: CommentId) => queue.ring([${request}]);`;

const wiring = (line: string): string => `
  import { useCase } from '#infrastructure/nest/use-case.js';
  abstract class Shelves { abstract take(count: number): string; }
  abstract class Customers { abstract greet(name: string): void; }
  class SellBread { constructor(readonly shelves: Shelves, readonly customers: Customers) {} }
  export const provider = [${line}]; void Shelves; void Customers;`;

const jobNames = Object.keys(jobCatalog);

const compiles = {
  'a handler for every job': handlers(jobNames),
  'a handler that reads the data of its job': handler('async ({ replyId }) => (void replyId, done)'),
  'a request with the data of its job': ring(`{ name: 'replies.send', data: { replyId } }`),
  'a use case with its ports in order': wiring('useCase(SellBread, Shelves, Customers)'),
};

/** name → [text, what the compiler must complain about] */
const doesNotCompile: Record<string, readonly [text: string, complaint: RegExp]> = {
  'a job without handler': [handlers(jobNames.slice(1)), new RegExp(`'"?${jobNames[0]}"?'`)],
  'a handler for a job that does not exist': [handlers([...jobNames, 'replies.shout']), /replies\.shout/],
  'a handler that reads data of another job': [
    handler('async ({ commentId }) => (void commentId, done)'),
    /'commentId'/,
  ],
  'a request for a job that does not exist': [ring(`{ name: 'replies.shout', data: { replyId } }`), /replies\.shout/],
  'a request with data of another job': [ring(`{ name: 'replies.send', data: { commentId } }`), /commentId/],
  'a request with an id of another kind': [
    ring(`{ name: 'replies.send', data: { replyId: commentId } }`),
    /brand|ReplyId/i,
  ],
  'a request without data': [ring(`{ name: 'replies.send' }`), /'data'/],
  'a use case without one of its ports': [wiring('useCase(SellBread, Shelves)'), /argument|assignable/i],
  'a use case with its ports in the wrong order': [
    wiring('useCase(SellBread, Customers, Shelves)'),
    /argument|assignable/i,
  ],
  'a use case with a port too many': [
    wiring('useCase(SellBread, Shelves, Customers, Shelves)'),
    /argument|assignable/i,
  ],
};

describe('what the compiler promises', () => {
  let complaints = new Map<string, string>();

  beforeAll(() => {
    const negatives = Object.entries(doesNotCompile).map(([name, [text]]): [string, string] => [name, text]);
    complaints = compile(new Map([...Object.entries(compiles), ...negatives]));
  }, 60_000);

  it.each(Object.keys(compiles))('%s compiles', (name) => {
    expect(complaints.get(name)).toBe('');
  });

  it.each(Object.entries(doesNotCompile))('%s does not compile', (name, [, complaint]) => {
    expect(complaints.get(name)).toMatch(complaint);
  });
});

/** Compiles texts as if they were files of this folder. @returns the compiler's complaints by name; '' when there are none */
function compile(texts: ReadonlyMap<string, string>): Map<string, string> {
  const options = projectOptions();
  const files = new Map([...texts].map(([name, text], index) => [fixturePath(index), { name, text }]));
  const host = ts.createCompilerHost(options);
  const onDisk = { ...host };
  host.fileExists = (path) => files.has(path) || onDisk.fileExists(path);
  host.getSourceFile = (path, version, ...rest) => {
    const fixture = files.get(path);
    return fixture ? ts.createSourceFile(path, fixture.text, version) : onDisk.getSourceFile(path, version, ...rest);
  };
  const program = ts.createProgram({ rootNames: [...files.keys()], options, host });
  return new Map(
    [...files].map(([path, { name }]) => {
      const source = program.getSourceFile(path);
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return [name, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')).join('\n')];
    }),
  );
}

/** The options of `npm run types`; a fixture's leftovers are not what is judged. */
function projectOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(repositoryRoot, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, repositoryRoot);
  return { ...options, noUnusedLocals: false, noUnusedParameters: false };
}

function fixturePath(index: number): string {
  return join(repositoryRoot, 'test/architecture', `compiled-${index}.ts`).replaceAll('\\', '/');
}
