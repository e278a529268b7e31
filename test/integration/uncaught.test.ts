import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

const built = (file: string): string => new URL(`../../dist/libs/infrastructure/src/${file}`, import.meta.url).href;

/** A process framed as ours are, that has a lot to say and then does what nobody catches. */
const program = (deed: string): string => `
  import { createLogger } from '${built('telemetry/logger.js')}';
  import { endWhenUncaught } from '${built('process/start-process.js')}';
  const logger = await createLogger({ app: 'test', level: 'info', secrets: [], pretty: false });
  endWhenUncaught(logger);
  setInterval(() => undefined, 1_000);
  for (let line = 0; line < 5_000; line += 1) logger.info({ line }, 'x'.repeat(100));
  ${deed}`;

describe('what nobody catches', () => {
  // audit 3, K12
  it.each([
    ['an error', `setImmediate(() => { throw new Error('the bug'); });`, 'uncaughtException'],
    ['a rejection', `void Promise.reject(new Error('the bug'));`, 'unhandledRejection'],
  ])('%s ends the process with 1, with its whole log written', async (_what, deed, event) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program(deed)]);
    const [log, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(code).toBe(1);
    const lines = log.trimEnd().split('\n');
    expect(lines).toHaveLength(5_001);
    const last: unknown = JSON.parse(lines.at(-1) ?? '');
    expect(last).toMatchObject({ level: 'fatal', msg: expect.stringContaining(event), err: { message: 'the bug' } });
  });
});
