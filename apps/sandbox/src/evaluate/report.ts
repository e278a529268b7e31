import type { LocalRulesMeasure } from '#domain/comments/local-rules.js';
import { commentClassNames } from '#domain/comments/verdict.js';
import { calibrationOf } from '#domain/evaluation/calibration.js';
import { confusionOf } from '#domain/evaluation/confusion.js';
import { costOf, type ModelPrice } from '#domain/evaluation/model-cost.js';
import { saidNames, type Tally } from '#domain/evaluation/tally.js';
import { adviceText, adviseThreshold } from '#domain/evaluation/threshold-advice.js';
import { promptName } from '#domain/prompts/prompt.js';
import type { Judging } from './judge-all.js';

const first = 15;
const column = 10;

export function localRulesText({ comments, decided, right, share, precision, byRule }: LocalRulesMeasure): string {
  const rules = Object.entries(byRule).filter(([, measured]) => measured.decided > 0);
  return [
    `Without a model: ${decided} of ${comments} comments (${percent(share)}), ${right} of them rightly (precision ${percent(precision)}).`,
    ...rules.map(([rule, measured]) => `  ${rule.padEnd(first)}${measured.right} of ${measured.decided} right`),
  ].join('\n');
}

/** @param precision percent */
export function judgingText(judging: Judging, price: ModelPrice | undefined, precision: number): string {
  const { prompt, model, tally, asked, tokens } = judging;
  const cost = price && costOf(tokens, price) / 1_000_000;
  return [
    `${promptName(prompt)}, ${model}`,
    '',
    confusionText(tally),
    '',
    qualityText(tally),
    '',
    calibrationText(tally),
    '',
    `Automatically from which confidence, for ${precision} % precision?`,
    ...commentClassNames.map(
      (name) => `  ${name.padEnd(first)}${adviceText(adviseThreshold(tally, name, precision / 100), precision)}`,
    ),
    '',
    `Calls ${asked} · tokens ${tokens.input} in, ${tokens.output} out · ` +
      (cost === undefined ? 'nobody knows the price of this model' : `$${cost.toFixed(4)}`),
    ...(judging.wrong.length === 0 ? [] : ['', 'Sorted otherwise than a person did:']),
    ...judging.wrong.map(({ key, right, said }) => `  ${key.padEnd(24)} ${right} > ${said?.class ?? 'undecided'}`),
  ].join('\n');
}

export function sideBySideText(judgings: readonly Judging[]): string {
  const of = judgings.map(({ prompt, tally }) => ({ name: promptName(prompt), ...confusionOf(tally) }));
  const row = (name: string, values: readonly (number | undefined)[]): string =>
    `  ${name.padEnd(first)}${values.map((value) => percent(value).padStart(column + 12)).join('')}`;
  return [
    `Side by side${' '.repeat(first - 10)}${of.map(({ name }) => name.padStart(column + 12)).join('')}`,
    row(
      'accuracy',
      of.map(({ accuracy }) => accuracy),
    ),
    row(
      'macro F1',
      of.map(({ macro }) => macro.f1),
    ),
    ...commentClassNames.map((name) =>
      row(
        `F1 ${name}`,
        of.map(({ classes }) => classes[name].f1),
      ),
    ),
  ].join('\n');
}

function confusionText(tally: Tally): string {
  const { matrix } = confusionOf(tally);
  const cells = (values: readonly (string | number)[]): string =>
    values
      .map((value) =>
        String(value === 0 ? '·' : value)
          .slice(0, column - 1)
          .padStart(column),
      )
      .join('');
  return [
    'What is right (rows), what was said (columns)',
    `  ${' '.repeat(first)}${cells(saidNames)}`,
    ...commentClassNames.map((name) => `  ${name.padEnd(first)}${cells(saidNames.map((said) => matrix[name][said]))}`),
  ].join('\n');
}

function qualityText(tally: Tally): string {
  const { classes, macro, accuracy, total } = confusionOf(tally);
  const row = (name: string, values: readonly (number | undefined)[], count: number): string =>
    `  ${name.padEnd(first)}${values.map((value) => percent(value).padStart(column)).join('')}${String(count).padStart(column)}`;
  return [
    `  ${' '.repeat(first)}${['precision', 'recall', 'F1', 'comments'].map((title) => title.padStart(column)).join('')}`,
    ...commentClassNames.map((name) => {
      const { precision, recall, f1, support } = classes[name];
      return row(name, [precision, recall, f1], support);
    }),
    row('macro', [macro.precision, macro.recall, macro.f1], total),
    `  accuracy ${percent(accuracy)}`,
  ].join('\n');
}

function calibrationText(tally: Tally): string {
  const { bins, error } = calibrationOf(tally);
  return [
    'Is 90 % right 90 % of the time?',
    ...bins.map(
      ({ from, to, count, confidence, right }) =>
        `  said ${`${from}–${to}`.padEnd(8)} mean ${confidence.toFixed(1).padStart(5)}  right ${right.toFixed(1).padStart(5)} %  (${count} comments)`,
    ),
    `  mean distance ${error === undefined ? '–' : error.toFixed(1)} points`,
  ].join('\n');
}

function percent(value: number | undefined): string {
  return value === undefined ? '–' : `${(100 * value).toFixed(1)} %`;
}
