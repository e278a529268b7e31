import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A program of the bench's own in a process of its own: load, a baseline, the vendors. */
export interface Part {
  readonly pid: number;
  /** Where it listens; 0 when it does not. */
  readonly port: number;
  /** Sends an order. @returns what it came to @throws Error with what went wrong there */
  ask<Answer>(order: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

interface Reply {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/** @param file its main file below `test/bench`, without ending @param flags of Node */
export async function startPart(
  file: string,
  environment: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<Part> {
  const child = fork(fileURLToPath(new URL(`../${file}.js`, import.meta.url)), {
    env: { ...environment, PATH: process.env['PATH'] ?? '' },
    execArgv: [...flags],
    serialization: 'advanced',
  });
  const waiting = new Map<
    number,
    { readonly done: (answer: unknown) => void; readonly failed: (why: Error) => void }
  >();
  const ended = once(child, 'exit');
  const ready = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
  if (ready === undefined || child.pid === undefined) throw new Error(`${file} ended before it was ready`);
  child.on('message', (message) => {
    const { id, answer, error } = message as Reply; // both ends are compiled together
    const asker = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asker?.done(answer);
    else asker?.failed(new Error(`${file}: ${error}`));
  });
  child.on('exit', () => {
    for (const { failed } of waiting.values()) failed(new Error(`${file} ended`));
  });
  const [{ port }] = ready as [{ port: number }]; // said by servePart
  let asked = 0;
  return {
    pid: child.pid,
    port,
    ask: async <Answer>(order: unknown) =>
      await new Promise<Answer>((resolve, reject) => {
        asked += 1;
        waiting.set(asked, {
          done: (answer) => resolve(answer as Answer), // both ends are compiled together
          failed: reject,
        });
        child.send({ id: asked, order });
      }),
    stop: async () => {
      child.disconnect();
      await ended;
    },
  };
}

/** The other end: says that it is ready, follows orders, and ends with whoever started it. */
export function servePart(port: number, follow: (order: unknown) => Promise<unknown> = async () => {}): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message) => {
    const { id, order } = message as { id: number; order: unknown }; // both ends are compiled together
    follow(order).then(
      (answer) => process.send?.({ id, answer }),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? (error.stack ?? '') : String(error) }),
    );
  });
  process.send?.({ port });
}
