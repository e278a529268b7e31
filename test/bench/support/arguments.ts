import { parseArgs } from 'node:util';

/** What was asked for on the command line. */
export interface Asked {
  readonly list: boolean;
  /** Names of scenarios; none: all that belong to the default run. */
  readonly scenarios: readonly string[];
  /** Share of the full length and count, above 0 and up to 1. */
  readonly size: number;
  /** File for the results. */
  readonly json: string | undefined;
  /** Folder for V8 profiles of the processes that are measured. */
  readonly profile: string | undefined;
}

const usage = `  npm run bench                                 every scenario but the long ones
  npm run bench -- --list                       what there is
  npm run bench -- --scenario NAME              one of them; may be given several times
  npm run bench -- --size 0.1                   a tenth of the full length (0 < size <= 1)
  npm run bench -- --json FILE                  the results as JSON
  npm run bench -- --profile FOLDER             V8 profiles of the api, the worker and the baselines`;

/** The command line cannot be followed; the message says why and what can be asked. */
export class CannotAsk extends Error {}

/** @param known names of all scenarios @throws CannotAsk */
export function readArguments(given: readonly string[], known: readonly string[]): Asked {
  const values = parsed(given);
  const scenarios = values.scenario ?? [];
  const unknown = scenarios.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new CannotAsk(`No such scenario: ${unknown.join(', ')}.\nThere are: ${known.join(', ')}`);
  const size = Number(values.size ?? 1);
  if (!(size > 0 && size <= 1)) throw new CannotAsk(`--size is a number above 0 and up to 1, not "${values.size}".`);
  return { list: values.list ?? false, scenarios, size, json: values.json, profile: values.profile };
}

function parsed(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: {
        list: { type: 'boolean' },
        scenario: { type: 'string', multiple: true },
        size: { type: 'string' },
        json: { type: 'string' },
        profile: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new CannotAsk(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}
