import { parseArgs } from 'node:util';

export const usage = `npm run evaluate -- [flags]

  --prompt VERSION   version of classify-comment, such as 2; twice for a comparison side by side
  --model NAME       model to ask; the one in the settings, or gpt-6-luna
  --played           ask the sandbox's model, even when OPENAI_API_KEY is set
  --corrections      also what operators have corrected, from the database in DATABASE_URL
  --precision N      percent that have to be right, for the advice on thresholds (50 to 99, usually 95)
  --json FILE        write the figures there, too
  --help             this text`;

export interface Flags {
  /** Empty: the usual one. */
  readonly prompts: readonly number[];
  readonly model: string | undefined;
  readonly played: boolean;
  readonly corrections: boolean;
  /** Percent. */
  readonly precision: number;
  readonly json: string | undefined;
  readonly help: boolean;
}

/** What stands on the command line cannot be meant. */
export class BadFlags extends Error {}

/** @throws BadFlags saying what is wrong */
export function readFlags(words: readonly string[]): Flags {
  const values = valuesOf(words);
  const prompts = (values.prompt ?? []).map(versionOf);
  if (prompts.length > 2) throw new BadFlags('--prompt can be given twice at most: two versions are compared.');
  if (new Set(prompts).size < prompts.length) throw new BadFlags('--prompt names the same version twice.');
  const precision = Number(values.precision ?? 95);
  if (!Number.isInteger(precision) || precision < 50 || precision > 99) {
    throw new BadFlags('--precision is a whole number from 50 to 99.');
  }
  for (const name of ['model', 'json'] as const) {
    if (values[name]?.trim() === '') throw new BadFlags(`--${name} needs a value.`);
  }
  const { model, json, played = false, corrections = false, help = false } = values;
  return { prompts, model, played, corrections, precision, json, help };
}

function valuesOf(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      strict: true,
      options: {
        prompt: { type: 'string', multiple: true },
        model: { type: 'string' },
        played: { type: 'boolean' },
        corrections: { type: 'boolean' },
        precision: { type: 'string' },
        json: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new BadFlags(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** `2` or `classify-comment@2`. */
function versionOf(text: string): number {
  const [, digits] = /^(?:classify-comment@)?([1-9]\d{0,5})$/u.exec(text.trim()) ?? [];
  if (digits === undefined) throw new BadFlags(`--prompt ${text} is no version; write 2 or classify-comment@2.`);
  return Number(digits);
}
