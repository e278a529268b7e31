import { ApiProperty } from '@nestjs/swagger';
import { commentClassNames, type CommentClass } from '#domain/comments/verdict.js';
import { backtestSources, backtestStates, type Outlined } from '#domain/evaluation/backtest.js';
import type { Backtest, Change } from '#domain/evaluation/backtests.js';
import { calibrationOf } from '#domain/evaluation/calibration.js';
import { confusionOf } from '#domain/evaluation/confusion.js';
import { saidNames, type Tally } from '#domain/evaluation/tally.js';
import { adviceText, adviseThreshold } from '#domain/evaluation/threshold-advice.js';

const micros = 1_000_000;
const share = { type: Number, nullable: true, minimum: 0, maximum: 1 } as const;
const whole = { type: 'integer' } as const;

class ClassQualityView {
  @ApiProperty({ enum: commentClassNames })
  class!: string;

  @ApiProperty({ ...share, description: 'Of those that were said to be of it, the share that is.' })
  precision!: number | null;

  @ApiProperty({ ...share, description: 'Of those that are of it, the share that was said to be.' })
  recall!: number | null;

  @ApiProperty(share)
  f1!: number | null;

  @ApiProperty({ ...whole, description: 'How many are of it.' })
  support!: number;
}

class CalibrationBinView {
  @ApiProperty(whole)
  from!: number;

  @ApiProperty(whole)
  to!: number;

  @ApiProperty(whole)
  comments!: number;

  @ApiProperty({ type: Number, example: 93.1, description: 'Mean confidence.' })
  confidence!: number;

  @ApiProperty({ type: Number, example: 88.4, description: 'How many percent of them were right.' })
  right!: number;
}

class AdviceView {
  @ApiProperty({ enum: commentClassNames, example: 'question' })
  class!: string;

  @ApiProperty({ enum: ['from', 'too-few', 'none'] })
  kind!: string;

  @ApiProperty({ ...whole, nullable: true, example: 85, description: 'Automatically from this confidence.' })
  confidence!: number | null;

  @ApiProperty({ example: 'From 85 on 97 % were right (240 of 300 comments); at least 95 % can be expected.' })
  text!: string;
}

class QualityView {
  @ApiProperty({ ...whole, description: 'Comments of which a person has said what they are.' })
  comments!: number;

  @ApiProperty(share)
  accuracy!: number | null;

  @ApiProperty({ ...share, description: 'Mean of F1 over the classes.' })
  macroF1!: number | null;

  @ApiProperty({ type: [ClassQualityView] })
  classes!: readonly ClassQualityView[];

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'object', additionalProperties: { type: 'integer' } },
    description: `What is right, then what was said: ${saidNames.join(', ')}.`,
  })
  confusion!: Readonly<Record<string, Readonly<Record<string, number>>>>;

  @ApiProperty({ type: [CalibrationBinView], description: 'Is 90 % right 90 % of the time?' })
  calibration!: readonly CalibrationBinView[];

  @ApiProperty({ type: Number, nullable: true, description: 'Mean distance of confidence and rightness, in points.' })
  calibrationError!: number | null;

  @ApiProperty({ type: [AdviceView] })
  advice!: readonly AdviceView[];
}

class CostView {
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Dollars, estimated at the beginning; null when nobody knows the price.',
  })
  estimated!: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Dollars so far.' })
  actual!: number | null;

  @ApiProperty({ ...whole, description: 'Comments that a model was asked about, each side for itself.' })
  asked!: number;

  @ApiProperty(whole)
  inputTokens!: number;

  @ApiProperty(whole)
  outputTokens!: number;
}

export class BacktestSummary {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({ enum: backtestStates })
  state!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Why it failed, or waits.' })
  reason!: string | null;

  @ApiProperty({ enum: backtestSources })
  over!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What is tried, as it was asked for.' })
  request!: Readonly<Record<string, unknown>>;

  @ApiProperty({ ...whole, description: 'Comments that it looks at.' })
  total!: number;

  @ApiProperty({ ...whole, description: 'Comments that it has looked at.' })
  compared!: number;

  @ApiProperty({ ...whole, description: 'Comments about which something would have been otherwise.' })
  changed!: number;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time', type: String, nullable: true })
  startedAt!: string | null;

  @ApiProperty({ format: 'date-time', type: String, nullable: true })
  finishedAt!: string | null;
}

export class BacktestView extends BacktestSummary {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { 'reply: draft > auto': 412 },
    description: 'How often what would have been otherwise.',
  })
  changes!: Readonly<Record<string, number>>;

  @ApiProperty({ type: QualityView, description: 'As it is, or as `against` says.' })
  before!: QualityView;

  @ApiProperty({ type: QualityView, description: 'As it is tried.' })
  after!: QualityView;

  @ApiProperty({ type: CostView })
  cost!: CostView;
}

export class BacktestList {
  @ApiProperty({ type: [BacktestSummary] })
  backtests!: readonly BacktestSummary[];

  @ApiProperty({ type: String, nullable: true, description: 'For the next page; null at the end.' })
  next!: string | null;
}

class OutlinedView {
  @ApiProperty({ enum: commentClassNames, nullable: true, description: 'null: no class; a person decides.' })
  class!: string | null;

  @ApiProperty({ ...whole, nullable: true })
  confidence!: number | null;

  @ApiProperty({ example: 'draft' })
  reply!: string;

  @ApiProperty({ example: 'none' })
  hide!: string;

  @ApiProperty()
  alert!: boolean;
}

class ChangeView {
  @ApiProperty({ ...whole, description: 'Its place among the comments of the backtest.' })
  number!: number;

  @ApiProperty({ example: '17865799348089039' })
  commentId!: string;

  @ApiProperty({ type: [String], example: ['reply: draft > auto'] })
  differences!: readonly string[];

  @ApiProperty({ type: OutlinedView })
  before!: OutlinedView;

  @ApiProperty({ type: OutlinedView })
  after!: OutlinedView;

  @ApiProperty({ enum: commentClassNames, nullable: true, description: 'What a person says that it is.' })
  right!: string | null;
}

export class ChangeList {
  @ApiProperty({ type: [ChangeView] })
  changes!: readonly ChangeView[];

  @ApiProperty({
    ...whole,
    nullable: true,
    description: 'For the next page; null at the end, or as far as it has come.',
  })
  next!: number | null;
}

export function toBacktestSummary(backtest: Backtest): BacktestSummary {
  return summaryOf(backtest);
}

function summaryOf({ id, request, state, reason, total, figures, ...times }: Backtest) {
  const { accountId, over, from, to, limit, policy, understanding, against, maxCost } = request;
  return {
    id,
    accountId,
    state,
    reason: reason ?? null,
    over,
    request: {
      from: from?.toISOString() ?? null,
      to: to.toISOString(),
      limit,
      policy,
      understanding: understanding ?? null,
      against: against ?? null,
      maxCost: maxCost === undefined ? null : maxCost / micros,
    },
    total,
    compared: figures.compared,
    changed: figures.changed,
    createdAt: times.createdAt.toISOString(),
    startedAt: times.startedAt?.toISOString() ?? null,
    finishedAt: times.finishedAt?.toISOString() ?? null,
  };
}

/** @param precision percent */
export function toBacktestView(backtest: Backtest, precision: number): BacktestView {
  const { figures, estimate } = backtest;
  return {
    ...summaryOf(backtest),
    changes: Object.fromEntries(Object.entries(figures.changes).toSorted(([, one], [, other]) => other - one)),
    before: toQuality(figures.before, precision),
    after: toQuality(figures.after, precision),
    cost: {
      estimated: estimate === undefined ? null : estimate / micros,
      actual: figures.cost === undefined ? null : figures.cost / micros,
      asked: figures.asked,
      inputTokens: figures.tokens.input,
      outputTokens: figures.tokens.output,
    },
  };
}

export function toChangeView({ number, commentId, differences, before, after, right }: Change): ChangeView {
  return { number, commentId, differences, before: toOutlined(before), after: toOutlined(after), right: right ?? null };
}

function toOutlined({ class: name, confidence, reply, hide, alert }: Outlined): OutlinedView {
  return { class: name ?? null, confidence: confidence ?? null, reply, hide, alert };
}

function toQuality(tally: Tally, precision: number): QualityView {
  const { matrix, classes, macro, accuracy, total } = confusionOf(tally);
  const { bins, error } = calibrationOf(tally);
  return {
    comments: total,
    accuracy: accuracy ?? null,
    macroF1: macro.f1 ?? null,
    classes: commentClassNames.map((name) => {
      const { precision: exact, recall, f1, support } = classes[name];
      return { class: name, precision: exact ?? null, recall: recall ?? null, f1: f1 ?? null, support };
    }),
    confusion: matrix,
    calibration: bins.map(({ count, ...bin }) => ({ ...bin, comments: count })),
    calibrationError: error ?? null,
    advice: total === 0 ? [] : commentClassNames.map((name) => toAdvice(tally, name, precision)),
  };
}

function toAdvice(tally: Tally, name: CommentClass, precision: number): AdviceView {
  const advice = adviseThreshold(tally, name, precision / 100);
  const confidence = advice.kind === 'from' ? advice.confidence : null;
  return { class: name, kind: advice.kind, confidence, text: adviceText(advice, precision) };
}
