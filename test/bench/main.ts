import { readdir, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Asked, CannotAsk, readArguments } from './support/arguments.js';
import { hottest, profilingFlags } from './support/profile.js';
import { environmentNow, printed, resultOf, type ScenarioResult } from './support/report.js';
import type { Bench, Scenario } from './support/scenario.js';
import { startServers } from './support/servers.js';

const folder = new URL('scenarios/', import.meta.url);
const scenarioFile = z.object({ scenario: z.custom<Scenario>((value) => typeof value === 'object' && value !== null) });

/** Every file of the folder is one, so that adding one is adding a file. */
async function allScenarios(): Promise<readonly Scenario[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.bench.js')).toSorted();
  const loaded = await Promise.all(files.map(async (name) => await import(new URL(name, folder).href)));
  return loaded.map((file: unknown) => scenarioFile.parse(file).scenario);
}

async function main(): Promise<number> {
  const scenarios = await allScenarios();
  const names = scenarios.map(({ name }) => name);
  const asked = readArguments(process.argv.slice(2), names);
  if (asked.list) {
    say(listed(scenarios));
    return 0;
  }
  const chosen = scenarios.filter(({ name, usual }) =>
    asked.scenarios.length === 0 ? usual : asked.scenarios.includes(name),
  );
  const environment = environmentNow();
  say(
    `Node ${environment.node}, ${environment.cores} cores (${environment.processor}), load ${environment.loadBefore.toFixed(1)}`,
  );
  const results: ScenarioResult[] = [];
  for (const scenario of chosen) {
    const result = await play(scenario, asked).catch((error: unknown) => {
      const why = error instanceof Error ? error.stack : String(error);
      process.stderr.write(`\n${scenario.name} could not be measured: ${why}\n`);
      return undefined;
    });
    if (!result) continue; // the others have nothing to do with it
    results.push(result);
    say(printed(result));
    if (asked.profile !== undefined) say(hottest(asked.profile, scenario.name).join('\n'));
    // After each: a long run that is broken off has not been for nothing.
    if (asked.json !== undefined) await writeFile(asked.json, `${JSON.stringify({ environment, results }, null, 2)}\n`);
  }
  // Figures that miss their targets are results; a scenario without figures is none.
  return results.length === chosen.length ? 0 : 1;
}

async function play(scenario: Scenario, { size, profile }: Asked): Promise<ScenarioResult> {
  const servers = await startServers();
  const began = performance.now();
  try {
    const bench: Bench = {
      size,
      servers,
      scaled: (full, least) => Math.max(least, Math.round(full * size)),
      progress: (text) => note(`${scenario.name}: ${text}`),
      profiled: (name) => (profile === undefined ? [] : profilingFlags(profile, scenario.name, name)),
    };
    const figures = await scenario.run(bench);
    return resultOf(scenario, size, servers, (performance.now() - began) / 1_000, figures);
  } finally {
    await servers.stop();
  }
}

function listed(scenarios: readonly Scenario[]): string {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  return scenarios
    .map(({ name, question, minutes, usual }) => {
      const when = usual ? '' : ', only by name';
      return `${name.padEnd(width)}  ${question} (about ${minutes} min${when})`;
    })
    .join('\n');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Where somebody looks on, in place; in a log, a line each. */
function note(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
  else process.stderr.write(`${text}\n`);
}

// Servers and programs end with this process; told to stop, it does not wait for the scenario.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof CannotAsk)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
