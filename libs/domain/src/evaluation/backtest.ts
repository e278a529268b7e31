import { z } from 'zod';
import { commentClassNames, type CommentClass } from '../comments/verdict.js';
import type { PolicyChanges, PolicySettings, Rule } from '../policies/settings.js';
import type { AccountId } from '../shared/ids.js';
import type { Tokens } from './model-cost.js';
import { emptyTally, tallyOf, type Judged, type Tally } from './tally.js';

/** `queued` and `running` are worked on; the others are final. */
export const backtestStates = ['queued', 'running', 'done', 'cancelled', 'failed'] as const;
export type BacktestState = (typeof backtestStates)[number];

/** `past`: comments of the account, newest first · `corrected`: those of which a person has said what they are. */
export const backtestSources = ['past', 'corrected'] as const;
export type BacktestSource = (typeof backtestSources)[number];

export const backtestRules = {
  /** Comments in one backtest. */
  most: 100_000,
  usually: 10_000,
  /** Those that are queued or running, of one account. */
  atOnce: 5,
  keptDays: 90,
} as const;

/** What is tried instead of the policy in force; what is not said stays as it is. Rules take the place of all rules. */
export interface PolicyChange extends PolicyChanges {
  readonly rules?: readonly Rule[];
}

/** A way of understanding comments: which version of the prompt, and which model. */
export interface Understanding {
  readonly prompt: number;
  readonly model: string;
}

export interface BacktestRequest {
  readonly accountId: AccountId;
  readonly over: BacktestSource;
  /** Received since then. */
  readonly from: Date | undefined;
  /** Received until then: no comment joins a backtest that has begun. */
  readonly to: Date;
  readonly limit: number;
  readonly policy: PolicyChange;
  /** Comments are understood anew this way; undefined: the verdicts that are stored. */
  readonly understanding: Understanding | undefined;
  /** What it is compared with is understood this way; undefined: the verdicts that are stored. */
  readonly against: Understanding | undefined;
  /** Millionths of a dollar; undefined: whatever it costs. */
  readonly maxCost: number | undefined;
}

/** A preset begins anew; everything else changes what the account has. Windows and posts stay. */
export function changedSettings(settings: PolicySettings, { preset, rules, ...changes }: PolicyChange): PolicySettings {
  const before = preset === undefined ? settings.changes : {};
  const classes = commentClassNames.flatMap((name) => {
    const change = { ...before.classes?.[name], ...changes.classes?.[name] };
    return Object.keys(change).length > 0 ? [[name, change] as const] : [];
  });
  return {
    ...settings,
    preset: preset ?? settings.preset,
    changes: { ...before, ...changes, classes: Object.fromEntries(classes) },
    rules: rules ? [...rules] : settings.rules,
  };
}

/** What came of one comment on one side. */
export interface Outlined {
  /** Undefined: no class. */
  readonly class: CommentClass | undefined;
  readonly confidence: number | undefined;
  readonly reply: string;
  readonly hide: string;
  readonly alert: boolean;
}

/** One comment, understood and planned for twice. */
export interface Comparison {
  readonly commentId: string;
  readonly before: Outlined;
  readonly after: Outlined;
  /** As `differencesOf` words them, and `class: spam > question`. */
  readonly differences: readonly string[];
  /** What a person says that it is. */
  readonly right: CommentClass | undefined;
}

/** What a backtest has found so far. */
export interface BacktestFigures {
  readonly compared: number;
  readonly changed: number;
  /** How often each difference occurred. */
  readonly changes: Readonly<Record<string, number>>;
  /** Of the comments that a person has judged: what was said before and after. */
  readonly before: Tally;
  readonly after: Tally;
  readonly tokens: Tokens;
  /** Comments that the model was asked about, each side for itself. */
  readonly asked: number;
  /** Millionths of a dollar; undefined when nobody knows the price. */
  readonly cost: number | undefined;
}

export const noFigures: BacktestFigures = {
  compared: 0,
  changed: 0,
  changes: {},
  before: emptyTally,
  after: emptyTally,
  tokens: { input: 0, output: 0 },
  asked: 0,
  cost: 0,
};

const counts = z.record(z.string(), z.number());

/** As stored: what a version before left out is nothing. */
export const storedFigures = z.object({
  compared: z.number().default(0),
  changed: z.number().default(0),
  changes: counts.default({}),
  before: counts.default({}),
  after: counts.default({}),
  tokens: z.object({ input: z.number(), output: z.number() }).default({ input: 0, output: 0 }),
  asked: z.number().default(0),
  cost: z
    .number()
    .nullable()
    .default(0)
    .transform((cost) => cost ?? undefined),
});

export interface Asking {
  readonly tokens: Tokens;
  readonly asked: number;
  readonly cost: number | undefined;
}

export function addComparisons(
  figures: BacktestFigures,
  comparisons: readonly Comparison[],
  { tokens, asked, cost }: Asking,
): BacktestFigures {
  const changes: Record<string, number> = { ...figures.changes };
  for (const difference of comparisons.flatMap(({ differences }) => differences)) {
    changes[difference] = (changes[difference] ?? 0) + 1;
  }
  return {
    compared: figures.compared + comparisons.length,
    changed: figures.changed + comparisons.filter(({ differences }) => differences.length > 0).length,
    changes,
    before: tallyOf(judgedOf(comparisons, 'before'), figures.before),
    after: tallyOf(judgedOf(comparisons, 'after'), figures.after),
    tokens: { input: figures.tokens.input + tokens.input, output: figures.tokens.output + tokens.output },
    asked: figures.asked + asked,
    cost: figures.cost === undefined || cost === undefined ? undefined : figures.cost + cost,
  };
}

function judgedOf(comparisons: readonly Comparison[], side: 'before' | 'after'): readonly Judged[] {
  return comparisons.flatMap(({ right, [side]: { class: name, confidence = 0 } }) =>
    right === undefined ? [] : [{ right, said: name && { class: name, confidence } }],
  );
}
