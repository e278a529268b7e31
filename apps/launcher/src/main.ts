import { fileURLToPath } from 'node:url';

import { processEnvironment } from '#infrastructure/config/config.js';

import { LaunchProblem } from './launch-problem.js';
import { GivenSettings } from './plan/given-settings.js';
import { launch } from './startup/launch.js';

/** `npm start`: the whole product on this machine. */
const apps = fileURLToPath(new URL('../../', import.meta.url));

// Whoever read our output may leave before us, as a closing terminal does.
process.stdout.on('error', () => {});

try {
  const given = new GivenSettings(processEnvironment());
  process.exit(await launch({ given, apps, print: (line) => void process.stdout.write(`${line}\n`) }));
} catch (error) {
  if (!(error instanceof LaunchProblem)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exit(1);
}
