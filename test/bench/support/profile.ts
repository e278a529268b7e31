import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const profile = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

const shownFunctions = 15;
const ending = '.cpuprofile';

/** Flags of Node that make a process leave a profile in this folder when it ends. */
export function profilingFlags(folder: string, scenario: string, name: string): readonly string[] {
  const file = `${scenario}-${name}-${Date.now()}${ending}`;
  return ['--cpu-prof', `--cpu-prof-dir=${path.resolve(folder)}`, `--cpu-prof-name=${file}`];
}

/** For people: of each profile of a scenario the functions in which the time was spent. */
export function hottest(folder: string, scenario: string): readonly string[] {
  const files = readdirSync(folder).filter((name) => name.startsWith(`${scenario}-`) && name.endsWith(ending));
  return files.flatMap((file) => [`  ${file}`, ...selfTimes(readFileSync(path.join(folder, file), 'utf8'))]);
}

function selfTimes(text: string): readonly string[] {
  const { nodes, samples, timeDeltas } = profile.parse(JSON.parse(text));
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const spent = new Map<string, number>();
  samples.forEach((id, index) => {
    const name = names.get(id) ?? '';
    spent.set(name, (spent.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  });
  spent.delete('(idle)');
  const all = [...spent.values()].reduce((sum, micros) => sum + micros, 0);
  return [...spent]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, shownFunctions)
    .map(([name, micros]) => `    ${((100 * micros) / all).toFixed(1).padStart(5)} %  ${name}`);
}

function nameOf(frame: { functionName: string; url: string; lineNumber: number }): string {
  const file = frame.url.replace(/^.*\/(?=dist\/|node_modules\/)/u, '');
  const name = frame.functionName === '' ? '(anonymous)' : frame.functionName;
  return file === '' ? name : `${name}  ${file}:${frame.lineNumber + 1}`;
}
