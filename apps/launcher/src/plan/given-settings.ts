import { readFileSync } from 'node:fs';

import { type Environment } from '#infrastructure/config/config.js';

import { LaunchProblem } from '../launch-problem.js';

/** The user's settings, where NAME may also come from the file that NAME_FILE names, as in api and worker. */
export class GivenSettings {
  constructor(readonly environment: Environment) {}

  isSet(name: string): boolean {
    return filled(this.environment[name]) !== undefined || filled(this.environment[`${name}_FILE`]) !== undefined;
  }

  read(name: string): string | undefined {
    const file = filled(this.environment[`${name}_FILE`]);
    if (file === undefined) return filled(this.environment[name]);
    try {
      return readFileSync(file, 'utf8').trim();
    } catch {
      throw new LaunchProblem(`${name}_FILE names a file that cannot be read. Check its path and rights.`);
    }
  }
}

function filled(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}
