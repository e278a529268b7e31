import type { Servers } from './servers.js';

/** A limit of a figure, and whether this run kept to it. */
export interface Target {
  /** For people: `>= 0.60`. */
  readonly says: string;
  readonly kept: boolean;
}

/** One result. What has a baseline carries its ratio to it: absolute figures depend on the machine and on the hour. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same of the baseline, in the same unit and the same run. */
  readonly baseline?: number;
  readonly ratio?: number;
  readonly target?: Target;
}

/** What a scenario is given. */
export interface Bench {
  /** Above 0, up to 1: share of the full lengths and counts. */
  readonly size: number;
  /** Servers of this scenario alone, with an empty database that has the schema. */
  readonly servers: Servers;
  /** @returns `full` at this size, a whole number, and never less than `least` */
  scaled(full: number, least: number): number;
  /** One line about where the work stands; on a terminal each replaces the one before. */
  progress(text: string): void;
  /** Flags of Node for a process that is measured: with `--profile` they make it leave a profile of this name. */
  profiled(name: string): readonly string[];
}

/** One file in `scenarios`, found by its name. */
export interface Scenario {
  readonly name: string;
  /** What it answers, in one sentence. */
  readonly question: string;
  /** About how long it takes at full size. */
  readonly minutes: number;
  /** Whether it belongs to a run that names no scenario. */
  readonly usual: boolean;
  run(bench: Bench): Promise<readonly Figure[]>;
}

type Limit = { readonly atLeast: number } | { readonly atMost: number } | { readonly below: number };

/** A figure of its own. */
export function figure(name: string, value: number, unit: string, limit?: Limit): Figure {
  return { name, value, unit, ...(limit && { target: judged(value, limit) }) };
}

/** A figure beside its baseline's; the limit is about the ratio. */
export function compared(
  name: string,
  value: number,
  unit: string,
  { baseline, ratio = value / baseline, limit }: { baseline: number; ratio?: number; limit?: Limit },
): Figure {
  return { name, value, unit, baseline, ratio, ...(limit && { target: judged(ratio, limit) }) };
}

function judged(value: number, limit: Limit): Target {
  if ('atLeast' in limit) return { says: `>= ${limit.atLeast}`, kept: value >= limit.atLeast };
  if ('below' in limit) return { says: `< ${limit.below}`, kept: value < limit.below };
  return { says: `<= ${limit.atMost}`, kept: value <= limit.atMost };
}
