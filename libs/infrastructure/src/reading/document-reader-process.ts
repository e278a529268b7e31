import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Reading, TextBlock } from '#domain/knowledge/document-reader.js';
import { AppError } from '#domain/shared/errors.js';
import { ReaderLine } from './answer.js';
import { bounds, processBounds, withinMs } from './bounds.js';
import type { ReadAs } from './read-document.js';

/** What a reading took. */
export interface ReadingCost {
  readonly ms: number;
  /** Undefined where the operating system does not say (it is Linux that does). */
  readonly peakRssBytes: number | undefined;
}

type Refused = Extract<Reading, { readonly kind: 'refused' }>;

const megabyte = 1024 * 1024;
/** From the store, which has limits of its own for each answer. */
const deliveredWithinMs = 120_000;
const mostErrorBytes = 16 * 1024;

/** One process that reads one file, and is ended when it takes too much. */
export class DocumentReaderProcess {
  readonly #child: ChildProcess;
  readonly #began = performance.now();
  readonly #blocks: TextBlock[] = [];
  #delivered: number | undefined;
  #bytes = 0;
  #answered = 0;
  #rest = '';
  #errors = '';
  #started = false;
  #done = false;
  #refused: Refused | undefined;
  #peak: number | undefined;

  /** @param program compiled `reader-main.js`, within `dist` */
  constructor(program: URL, type: ReadAs) {
    const inside = (relative: string): string => fileURLToPath(new URL(relative, program));
    const permission = process.allowedNodeEnvironmentFlags.has('--permission')
      ? '--permission'
      : '--experimental-permission';
    const flags = [
      permission,
      '--allow-worker',
      // Our code and its libraries, and nothing else on this machine: neither settings nor files. Nothing may be written.
      `--allow-fs-read=${inside('../../../../')}`,
      `--allow-fs-read=${inside('../../../../../node_modules/')}`,
      `--allow-fs-read=${inside('../../../../../package.json')}`,
      `--max-old-space-size=${processBounds.heapMegabytes}`,
      '--no-warnings',
    ];
    this.#child = spawn(process.execPath, [...flags, fileURLToPath(program), type], {
      env: {},
      cwd: tmpdir(),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
  }

  /** @throws AppError 'unavailable' when no process could be started, or the file stopped coming */
  async read(content: AsyncIterable<Uint8Array>): Promise<Reading> {
    const ended = this.#ending();
    const watch = setInterval(() => this.#look(), processBounds.everyMs);
    try {
      const delivery = this.#deliver(content);
      const end = await ended;
      // Ended before it had all: then nobody takes the rest.
      await delivery.catch((error: unknown) => {
        if (!this.#refused && !this.#done) throw error;
      });
      return this.#outcome(end);
    } finally {
      clearInterval(watch);
      this.end();
    }
  }

  get cost(): ReadingCost {
    return { ms: Math.round(performance.now() - this.#began), peakRssBytes: this.#peak };
  }

  end(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
  }

  async #ending(): Promise<{ readonly code: number | null; readonly signal: string | null }> {
    const { stdout, stderr } = this.#child;
    stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (this.#errors.length < mostErrorBytes) this.#errors += text;
    });
    return await new Promise((resolve, reject) => {
      this.#child.once('error', (error) => reject(notStarted(error)));
      this.#child.once('spawn', () => {
        // Comments come first: a document has time.
        if (this.#child.pid !== undefined) atLeisure(this.#child.pid);
      });
      this.#child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  async #deliver(content: AsyncIterable<Uint8Array>): Promise<void> {
    const { stdin } = this.#child;
    if (!stdin) return;
    let gone = false;
    stdin.on('error', () => (gone = true)); // it has ended: why, its end says
    try {
      for await (const chunk of content) {
        this.#bytes += chunk.byteLength;
        if (gone || this.#bytes > bounds.fileBytes) break;
        if (!stdin.write(chunk)) await drained(stdin);
      }
    } catch (error) {
      this.end();
      throw new AppError('unavailable', 'The file stopped coming from its store.', { cause: error });
    }
    if (this.#bytes > bounds.fileBytes) this.#refuse('too-large', 'The file is larger than 50 MB. Split it.');
    this.#delivered = performance.now();
    stdin.end();
  }

  /** What the process takes now; ends it when that is too much. */
  #look(): void {
    if (this.#isLate()) {
      this.#refuse('too-slow', 'Reading the file took too long. Save it anew, or split it into several files.');
    }
    const rss = this.#child.pid === undefined ? undefined : memoryOf(this.#child.pid);
    if (!rss) return;
    this.#peak = Math.max(this.#peak ?? 0, rss.peak);
    if (rss.now > processBounds.rssBytes) this.#refuse('too-much-memory', tooMuchMemory);
  }

  #isLate(): boolean {
    const now = performance.now();
    if (this.#delivered === undefined) return now - this.#began > deliveredWithinMs;
    const [took, allowed] = [now - this.#delivered, withinMs(this.#bytes)];
    if (took <= allowed) return false;
    const worked = this.#child.pid === undefined ? undefined : workOf(this.#child.pid);
    return (
      worked === undefined || worked > allowed * processBounds.busyShare || took > allowed * processBounds.starvedTimes
    );
  }

  #hear(text: string): void {
    this.#answered += text.length;
    if (this.#answered > bounds.answerBytes)
      return this.#refuse('too-large', 'The file holds too much text. Split it.');
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
  }

  #take(text: string): void {
    const line = ReaderLine.safeParse(parsed(text));
    if (!line.success) return this.#refuse('broken', 'The reader answered something that is no answer.');
    if ('blocks' in line.data) {
      for (const { place, ...block } of line.data.blocks)
        this.#blocks.push(place === undefined ? block : { ...block, place });
    } else if ('refused' in line.data)
      this.#refused ??= { kind: 'refused', reason: line.data.refused, detail: line.data.detail };
    else if (line.data.state === 'done') this.#done = true;
    else this.#started = true;
  }

  #refuse(reason: Refused['reason'], detail: string): void {
    this.#refused ??= { kind: 'refused', reason, detail };
    this.end();
  }

  #outcome({ code, signal }: { readonly code: number | null; readonly signal: string | null }): Reading {
    if (this.#refused) return this.#refused;
    if (this.#done) return { kind: 'read', blocks: this.#blocks };
    if (!this.#started) throw notStarted(new Error(this.#errors.slice(0, 500) || `ended with ${code ?? signal}`));
    if (/heap|memory|allocation/iu.test(this.#errors)) {
      return { kind: 'refused', reason: 'too-much-memory', detail: tooMuchMemory };
    }
    if (signal === 'SIGKILL') throw notStarted(new Error('somebody ended the reader')); // the kernel, short of memory
    return {
      kind: 'refused',
      reason: 'broken',
      detail: 'The file made its reader fail. Save it anew and upload that.',
    };
  }
}

const tooMuchMemory = `Reading the file took more than ${processBounds.rssBytes / megabyte} MB of memory. Split it into several files.`;

function notStarted(cause: unknown): AppError {
  return new AppError('unavailable', 'The process that reads documents could not be started, or was ended.', { cause });
}

async function drained(stream: NodeJS.WritableStream): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = (): void => {
      stream.off('drain', go).off('close', go).off('error', go);
      resolve();
    };
    stream.on('drain', go).on('close', go).on('error', go);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown; // checked by the schema
  } catch {
    return undefined;
  }
}

function atLeisure(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Ended already, or not allowed here: then it is as important as we are.
  }
}

/** For how many milliseconds it had the processor; undefined where the operating system does not say. */
function workOf(pid: number): number | undefined {
  try {
    // After the name, which may hold anything but ends with the last bracket: the 14th and 15th field, in hundredths.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}

/** Linux says it at once, from memory. */
function memoryOf(pid: number): { readonly now: number; readonly peak: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'mu').exec(status)?.[1] ?? 0);
    return { now: kilobytes('VmRSS') * 1024, peak: kilobytes('VmHWM') * 1024 };
  } catch {
    return undefined;
  }
}
