import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { ConfigError, readConfig, settings } from '#infrastructure/config/config.js';

import { LaunchProblem } from '../launch-problem.js';
import { isPortFree } from '../ports.js';
import { findRedisServer } from '../redis/find-redis.js';
import { type Ports, programEnvironment } from './child-environment.js';
import { choose, type Choices, needsSandbox } from './choices.js';
import { type GivenSettings } from './given-settings.js';
import { makeSecrets } from './secrets.js';

const formerProgramsMs = 3_000;

export interface Plan {
  readonly given: GivenSettings;
  readonly choices: Choices;
  readonly ports: Ports;
  /** Where everything of this folder is kept, as the user would write it. */
  readonly dataDir: string;
}

/** @throws LaunchProblem with everything that the user has to put right first */
export function makePlan(given: GivenSettings): Plan {
  const choices = choose((name) => given.isSet(name), findRedisServer(given.environment['PATH']));
  const { ports, problems } = readPorts(given);
  if (choices.vendors.instagram === 'real') {
    const missing = ['APP_SECRET', 'TOKEN'].filter((name) => !given.isSet(name));
    problems.push(...missing.map((name) => `${name} is missing, and with INSTA_TOKEN the real Instagram needs it.`));
  }
  // Not a second time what is said above, and in better words.
  const said = new Set(problems.map((problem) => problem.split(' ')[0]));
  problems.push(...problemsOfPrograms(given, choices, ports).filter((problem) => !said.has(problem.split(' ')[0])));
  if (problems.length > 0) {
    throw new LaunchProblem(
      `Not started: ${problems.length} setting(s) to put right (in .env or the environment; .env.example explains each).\n` +
        problems.map((problem) => `  ${problem}`).join('\n'),
    );
  }
  return { given, choices, ports, dataDir: path.normalize(given.read('DATA_DIR') ?? '.data') };
}

/** What api and worker would refuse: better said here, once, than by each of them at each new start. */
function problemsOfPrograms(given: GivenSettings, choices: Choices, ports: Ports): string[] {
  const somewhere = {
    ports,
    databaseUrl: choices.database === 'given' ? undefined : 'postgres://127.0.0.1/embedded',
    redisUrl: choices.queue === 'given' ? undefined : 'redis://127.0.0.1',
  };
  try {
    readConfig(programEnvironment(given, choices, makeSecrets(), somewhere));
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ name, problem, fix }) => `${name} ${problem}. ${fix}`);
  }
}

/**
 * @param patienceMs programs of a launcher that was killed need a moment to notice and go
 * @throws LaunchProblem naming each port that somebody else uses
 */
export async function checkPorts({ ports, choices }: Plan, patienceMs = formerProgramsMs): Promise<void> {
  const wanted: Array<[setting: string, port: number]> = [
    ['PORT', ports.api],
    ['WORKER_PORT', ports.worker],
    ...(needsSandbox(choices) ? [['SANDBOX_PORT', ports.sandbox] satisfies [string, number]] : []),
  ];
  const taken = await takenAmong(wanted, patienceMs);
  if (taken.length === 0) return;
  const lines = taken.map(
    ([name, port]) => `Port ${port} is in use. Set ${name} to another one, for instance ${port + 100}.`,
  );
  throw new LaunchProblem(lines.join('\n'));
}

async function takenAmong(
  wanted: ReadonlyArray<[string, number]>,
  patienceMs: number,
): Promise<Array<[string, number]>> {
  for (const until = Date.now() + patienceMs; ; await wait(100)) {
    const free = await Promise.all(wanted.map(([, port]) => isPortFree(port)));
    const taken = wanted.filter((_, index) => !free[index]);
    if (taken.length === 0 || Date.now() >= until) return taken;
  }
}

function readPorts(given: GivenSettings): { ports: Ports; problems: string[] } {
  const problems: string[] = [];
  const read = (name: 'PORT' | 'WORKER_PORT' | 'SANDBOX_PORT'): number => {
    const result = settings[name].schema.safeParse(given.read(name));
    if (result.success && result.data > 0) return result.data;
    problems.push(`${name} ${result.error?.issues[0]?.message ?? 'is no port'}. ${settings[name].fix}`);
    return 0;
  };
  const ports = { api: read('PORT'), worker: read('WORKER_PORT'), sandbox: read('SANDBOX_PORT') };
  const distinct = new Set(Object.values(ports)).size === 3;
  if (!distinct && problems.length === 0) problems.push('PORT, WORKER_PORT and SANDBOX_PORT must differ.');
  return { ports, problems };
}
