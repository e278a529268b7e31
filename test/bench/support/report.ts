import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import type { Figure, Scenario } from './scenario.js';
import type { Servers } from './servers.js';

/** What the figures depend on. */
export interface Environment {
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  /** Processes that wanted a core in the last minute before the run: above the number of cores, figures are noise. */
  readonly loadBefore: number;
  readonly commit: string;
  readonly at: string;
}

export interface ScenarioResult {
  readonly scenario: string;
  readonly question: string;
  readonly command: string;
  readonly size: number;
  readonly postgres: string;
  readonly redis: string;
  readonly seconds: number;
  readonly figures: readonly Figure[];
}

export function environmentNow(): Environment {
  return {
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    loadBefore: loadavg()[0] ?? 0,
    commit: commit(),
    at: new Date().toISOString(),
  };
}

export function resultOf(
  { name, question }: Scenario,
  size: number,
  { postgresKind, redisKind }: Servers,
  seconds: number,
  figures: readonly Figure[],
): ScenarioResult {
  const sized = size === 1 ? '' : ` --size ${size}`;
  const command = `npm run bench -- --scenario ${name}${sized}`;
  return { scenario: name, question, command, size, postgres: postgresKind, redis: redisKind, seconds, figures };
}

/** The table of one scenario, and below it the ratios as bars. */
export function printed({ scenario, question, command, postgres, redis, seconds, figures }: ScenarioResult): string {
  const rows = figures.map(({ name, value, unit, baseline, ratio, target }) => [
    name,
    shown(value),
    unit,
    baseline === undefined ? '' : shown(baseline),
    ratio === undefined ? '' : ratio.toFixed(2),
    target === undefined ? '' : target.says,
    target === undefined ? '' : target.kept ? 'kept' : 'MISSED',
  ]);
  return [
    '',
    `== ${scenario} == ${question}`,
    `   ${command}   (${Math.round(seconds)} s; ${postgres}; ${redis})`,
    ...table([['', 'value', 'unit', 'baseline', 'ratio', 'target', ''], ...rows]),
    ...bars(figures),
    '',
  ].join('\n');
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  // Words to the left, figures to the right.
  const cell = (text: string, column: number): string =>
    [1, 3, 4].includes(column) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  return rows.map((row) => `   ${row.map(cell).join('  ')}`.trimEnd());
}

const barWidth = 50;

/** Ratios side by side; the mark is the baseline itself. */
function bars(figures: readonly Figure[]): readonly string[] {
  const ratios = figures.flatMap(({ name, ratio }) =>
    ratio === undefined || Number.isNaN(ratio) ? [] : [{ name, ratio }],
  );
  if (ratios.length === 0) return [];
  const most = Math.min(4, Math.max(1, ...ratios.map(({ ratio }) => ratio)));
  const nameWidth = Math.max(...ratios.map(({ name }) => name.length));
  const mark = Math.round(barWidth / most);
  return [
    '',
    ...ratios.map(({ name, ratio }) => {
      const length = Math.min(barWidth, Math.round((ratio / most) * barWidth));
      const bar = [...'#'.repeat(length).padEnd(barWidth)].map((sign, at) =>
        at === mark - 1 && sign === ' ' ? '|' : sign,
      );
      return `   ${name.padEnd(nameWidth)}  ${bar.join('')} ${ratio.toFixed(2)}`;
    }),
  ];
}

function shown(value: number): string {
  if (Number.isNaN(value)) return 'unknown';
  return value.toLocaleString('en-US', { maximumSignificantDigits: Math.abs(value) >= 1_000 ? 6 : 3 });
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
