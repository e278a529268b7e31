import { describe, expect, it } from 'vitest';
import { bakeryComments } from '../bakery/comments.js';
import { Screen, fit, totals } from './screen.js';

function printed(columns: number, isTTY: boolean, color = false): string {
  let output = '';
  const terminal = { isTTY, columns, write: (text: string) => void (output += text) };
  const screen = new Screen(terminal, color, bakeryComments.length);
  for (const comment of bakeryComments) screen.comment({ comment, id: '1', account: undefined }, true);
  screen.end();
  return output;
}

describe('the demo’s output', () => {
  it.each([60, 80, 120])('keeps within %i columns', (columns) => {
    const lines = printed(columns, false).split('\n');
    const widths = lines.map((line) => [...new Intl.Segmenter().segment(line)].length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(Math.max(columns, 64));
    expect(lines.length).toBeGreaterThan(bakeryComments.length);
  });

  it('has a bar in a terminal, and neither bar nor colour in a file', () => {
    expect(printed(80, true, true)).toContain(`${bakeryComments.length} of ${bakeryComments.length}`);
    expect(printed(80, false)).not.toContain('\u001B');
    expect(printed(80, false)).not.toContain('█');
  });

  it('cuts a text to its columns, without breaking characters or obeying control codes', () => {
    expect(fit('bread\u001B[2J\nand cake', 40)).toBe('bread [2J and cake');
    expect(fit('🍞🍞🍞🍞', 6)).toBe('🍞🍞…');
    expect(fit('👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 4)).toBe('👨‍👩‍👧‍👦👨‍👩‍👧‍👦');
    expect(fit('хлеб и торт', 6)).toBe('хлеб…');
  });

  it('counts, the most frequent first', () => {
    expect(totals(['a', 'b', 'b'])).toBe('b 2 · a 1');
  });
});
