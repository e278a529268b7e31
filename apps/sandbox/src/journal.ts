import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { worldEvent, type WorldEvent } from './world-events.js';

/** Events kept over a restart: some thousand comments with all that followed, read in well under a second. */
const keptEvents = 20_000;

/** The world's memory: one JSON line per event in `events.jsonl`, cut to the newest ones at each start. */
export class Journal {
  readonly #file: number;

  private constructor(file: number) {
    this.#file = file;
  }

  /** @returns the journal, open for writing, and what an earlier run has written */
  static open(dataDir: string): { readonly journal: Journal; readonly events: readonly WorldEvent[] } {
    mkdirSync(dataDir, { recursive: true });
    const path = join(dataDir, 'events.jsonl');
    const events = existsSync(path) ? readEvents(readFileSync(path, 'utf8')).slice(-keptEvents) : [];
    // Written anew: bounded, and without a last line that a crash has cut.
    const next = `${path}.next`;
    writeFileSync(next, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    renameSync(next, path);
    return { journal: new Journal(openSync(path, 'a')), events };
  }

  append(event: WorldEvent): void {
    writeSync(this.#file, `${JSON.stringify(event)}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

function readEvents(text: string): WorldEvent[] {
  const events: WorldEvent[] = [];
  for (const line of text.split('\n')) {
    const event = readLine(line);
    if (event) events.push(event);
  }
  return events;
}

/** Undefined for a line that a crash has cut, or that an older sandbox wrote in another shape. */
function readLine(line: string): WorldEvent | undefined {
  if (line === '') return undefined;
  try {
    return worldEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
