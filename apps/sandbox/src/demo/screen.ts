import { styleText } from 'node:util';
import { reasonShown, secondsTaken, type Played } from './judge.js';

type Style = Parameters<typeof styleText>[0];

export interface Terminal {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): void;
}

const widths = { time: 6, class: 12, actions: 14, reason: 24 };
const leastText = 10;

/** Prints one line per comment, in a terminal with a bar below them. */
export class Screen {
  #done = 0;

  constructor(
    private readonly terminal: Terminal,
    private readonly color: boolean,
    private readonly total: number,
  ) {}

  say(text: string): void {
    this.#clearBar();
    this.terminal.write(`${text}\n`);
  }

  comment(played: Played, good: boolean): void {
    this.#done += 1;
    this.say(this.#line(played, good));
    this.bar();
  }

  /** The bar stands in the last line and is drawn over; a file or a pipe gets none. */
  bar(): void {
    if (!this.terminal.isTTY) return;
    const size = Math.max(10, Math.min(40, this.terminal.columns - 20));
    const full = Math.round((size * this.#done) / this.total);
    const text = `${'█'.repeat(full)}${'░'.repeat(size - full)} ${this.#done} of ${this.total}`;
    this.terminal.write(`\r\u001B[K${this.style('cyan', text)}`);
  }

  end(): void {
    this.#clearBar();
  }

  style(style: Style, text: string): string {
    return this.color ? styleText(style, text, { validateStream: false }) : text;
  }

  #clearBar(): void {
    if (this.terminal.isTTY) this.terminal.write('\r\u001B[K');
  }

  #line(played: Played, good: boolean): string {
    const seen = played.account?.comment;
    const taken = secondsTaken(played.account);
    const actions = seen?.actions.length ? seen.actions.join(', ') : '–';
    const before = [
      good ? this.style('green', '✓') : this.style('red', '✗'),
      this.style('dim', (taken === undefined ? '–' : `${taken.toFixed(1)}s`).padStart(widths.time - 1)),
      (seen?.verdict?.class ?? '–').padEnd(widths.class),
      actions.padEnd(widths.actions),
      this.style('dim', reasonShown(played).padEnd(widths.reason)),
    ].join(' ');
    const room =
      this.terminal.columns - 1 - (1 + 1 + widths.time + widths.class + 1 + widths.actions + 1 + widths.reason + 1);
    // Too narrow for one line: the text gets a line of its own.
    if (room < leastText) return `${before}\n  ${fit(played.comment.text, this.terminal.columns - 3)}`;
    return `${before} ${fit(played.comment.text, room)}`;
  }
}

/** One line of at most so many columns; wide characters and emoji count two. */
export function fit(text: string, columns: number): string {
  const line = text
    .replaceAll(/[\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  const parts = [...new Intl.Segmenter().segment(line)].map(({ segment }) => segment);
  const width = parts.reduce((sum, part) => sum + widthOf(part), 0);
  if (width <= columns) return line;
  let used = 1;
  let kept = '';
  for (const part of parts) {
    used += widthOf(part);
    if (used > columns) break;
    kept += part;
  }
  return `${kept.trimEnd()}…`;
}

function widthOf(part: string): number {
  return /\p{Extended_Pictographic}|\p{Regional_Indicator}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFF00-\uFF60]/u.test(
    part,
  )
    ? 2
    : 1;
}

/** Counts, the most frequent first: `question 31 · positive 8`. */
export function totals(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .toSorted(([, left], [, right]) => right - left)
    .map(([name, count]) => `${name} ${count}`)
    .join(' · ');
}
