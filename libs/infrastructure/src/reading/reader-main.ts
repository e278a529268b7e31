import { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { isMainThread, Worker } from 'node:worker_threads';
import type { TextBlock } from '#domain/knowledge/document-reader.js';
import type { ReaderLine } from './answer.js';
import { processBounds } from './bounds.js';
import { readDocument, readings } from './read-document.js';
import { Refusal } from './refusal.js';

/** Characters of text that go over in one line. */
const batchCharacters = 200_000;

/**
 * The process of the reader: a file comes in over the standard input, blocks go out over the standard output. It has no
 * settings, may write no file, starts no program and reaches nobody: whatever a file makes of it, it stays in here.
 */
async function main(): Promise<void> {
  const type = readings.find((one) => one === process.argv[2]);
  if (!type) throw new Error('no such type of file');
  seal();
  watchOver();
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) process.on(event, leaveAfter);
  write({ state: 'started' });
  const bytes = await buffer(process.stdin);
  let batch: TextBlock[] = [];
  let characters = 0;
  const send = (): void => {
    if (batch.length > 0) write({ blocks: batch });
    [batch, characters] = [[], 0];
  };
  try {
    await readDocument(bytes, type, (block) => {
      batch.push(block);
      characters += block.text.length;
      if (characters > batchCharacters) send();
    });
    send();
    leaveWith({ state: 'done' });
  } catch (error) {
    leaveAfter(error);
  }
}

/** Libraries that would ask somebody, and those that talk: the standard output is the answer's. */
function seal(): void {
  const refuse = (): never => {
    throw new Error('the reader of documents reaches nobody');
  };
  Socket.prototype.connect = refuse;
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) console[name] = () => undefined;
}

function leaveAfter(error: unknown): void {
  // What a parser cannot understand is the file's fault: our own refusals say more.
  const detail = 'The file is damaged, or made in a way that cannot be read. Open it, save it again, and upload that.';
  leaveWith(
    error instanceof Refusal ? { refused: error.reason, detail: error.message } : { refused: 'broken', detail },
  );
}

/** Ends when everything is over there: what a full pipe has not taken yet would be lost with the process. */
function leaveWith(line: ReaderLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(0));
}

function write(line: ReaderLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Who started us watches over us. When that process is gone, a thread of our own ends us, however busy the other is. */
function watchOver(): void {
  new Worker(new URL(import.meta.url), { stdout: false, stderr: false }).unref();
}

function watch(): void {
  const parent = process.ppid;
  const began = performance.now();
  setInterval(() => {
    const late = performance.now() - began > 3 * processBounds.mostMs;
    if (process.ppid !== parent || late) process.kill(process.pid, 'SIGKILL');
  }, 200);
}

if (isMainThread) await main();
else watch();
