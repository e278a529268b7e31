import { mkdirSync } from 'node:fs';
import path from 'node:path';

import { LaunchProblem } from '../launch-problem.js';
import { type Lock, LockHeld, takeLock } from '../lock.js';
import { describe } from '../plan/choices.js';
import { urlOf } from '../plan/child-environment.js';
import { type GivenSettings } from '../plan/given-settings.js';
import { checkPorts, makePlan, type Plan } from '../plan/plan.js';
import { keepSecrets } from '../plan/secrets.js';
import { readyText } from './ready-text.js';
import { seedKnowledge } from './seed-knowledge.js';
import { onNpmGone, onStopSignals } from './signals.js';
import { System } from './system.js';

export interface LaunchOptions {
  readonly given: GivenSettings;
  /** Folder with the compiled apps. */
  readonly apps: string;
  readonly print: (line: string) => void;
}

/** Runs the whole product until somebody stops it. Returns the exit code. */
export async function launch({ given, apps, print }: LaunchOptions): Promise<number> {
  const plan = makePlan(given);
  const lock = await lockFolder(plan);
  try {
    await checkPorts(plan);
    const dryRun = given.read('REPLIES_DRY_RUN') === 'true';
    for (const line of describe(plan.choices, plan.dataDir, (name) => given.isSet(name), dryRun)) print(line);
    return await run(plan, apps, print);
  } finally {
    lock.release();
  }
}

async function lockFolder({ dataDir }: Plan): Promise<Lock> {
  // What customers wrote is nobody else's business.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  try {
    return await takeLock(path.join(dataDir, 'launcher.lock'));
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error;
    const who = error.pid === undefined ? 'another process' : `process ${error.pid}`;
    throw new LaunchProblem(
      `InstaChatico already runs in this folder (${who}). Stop it first, or set DATA_DIR and the three ports for a second one.`,
      { cause: error },
    );
  }
}

async function run(plan: Plan, apps: string, print: (line: string) => void): Promise<number> {
  const ending = new AbortController();
  const givenUp: string[] = [];
  const system = new System({
    plan,
    secrets: keepSecrets(path.join(plan.dataDir, 'secrets.json')),
    apps,
    log: (line) => print(`launcher   ${line}`),
    onGivenUp: (name) => {
      givenUp.push(name);
      ending.abort();
    },
  });
  onStopSignals(
    () => ending.abort(),
    () => {
      system.kill();
      process.exit(1);
    },
  );
  onNpmGone(plan.given.isSet('npm_lifecycle_event'), () => ending.abort());
  try {
    await startAll(system, plan, print, ending.signal);
    await aborted(ending.signal);
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  } finally {
    print('stopping…');
    await system.stop();
  }
  return givenUp.length > 0 ? 1 : 0;
}

async function startAll(system: System, plan: Plan, print: (line: string) => void, signal: AbortSignal): Promise<void> {
  const starting = system.start(signal);
  // Stopped half-way: what is under way ends in system.stop().
  await Promise.race([starting, aborted(signal)]);
  if (signal.aborted) return;
  if (plan.choices.vendors.instagram === 'sandbox') print(await seed(plan, signal));
  print(readyText(plan, performance.now() / 1_000));
}

/** Without its knowledge the brand cannot answer questions, but everything else works: no reason to stop. */
async function seed({ ports, given }: Plan, signal: AbortSignal): Promise<string> {
  const [sandboxUrl, apiUrl, adminToken] = [urlOf(ports.sandbox), urlOf(ports.api), given.read('ADMIN_TOKEN')];
  try {
    const count = await seedKnowledge({ sandboxUrl, apiUrl, adminToken, signal });
    return `knowledge  the bakery's ${count} documents`;
  } catch (error) {
    return `knowledge  could not be given to the api: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
