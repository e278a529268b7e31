import { cpuOfTree } from './processes.js';
import { benchName, type Servers } from './servers.js';

export type Cpu<Kind extends string> = Readonly<Record<Kind, number>>;

export interface Metered<Result, Kind extends string> {
  readonly result: Result;
  readonly seconds: number;
  /** Microseconds of processor time that each kind of process used meanwhile. */
  readonly cpu: Cpu<Kind>;
}

/** Does the work and says what it cost whom. */
export async function metered<Result, Kind extends string>(
  pids: Readonly<Record<Kind, number>>,
  work: () => Promise<Result>,
): Promise<Metered<Result, Kind>> {
  const [before, began] = [readAll(pids), performance.now()];
  const result = await work();
  const [after, ended] = [readAll(pids), performance.now()];
  const used = (Object.keys(pids) as Kind[]).map((kind) => [kind, after[kind] - before[kind]]); // its own keys
  return {
    result,
    seconds: (ended - began) / 1_000,
    cpu: Object.fromEntries(used) as Cpu<Kind>, // a value for each key
  };
}

function readAll<Kind extends string>(pids: Readonly<Record<Kind, number>>): Cpu<Kind> {
  const all = Object.entries<number>(pids).map(([kind, pid]) => [kind, cpuOfTree(pid)]);
  return Object.fromEntries(all) as Cpu<Kind>; // a value for each key
}

/**
 * One after the other, again and again: what disturbs this machine for a while disturbs all of them.
 * @returns of each its results, in the order of the rounds
 */
export async function inTurn<Name extends string, Result>(
  rounds: number,
  subjects: Readonly<Record<Name, (round: number) => Promise<Result>>>,
  progress: (text: string) => void,
): Promise<Readonly<Record<Name, readonly Result[]>>> {
  const names = Object.keys(subjects) as Name[]; // its own keys
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Result[]>; // as above
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) {
      progress(`round ${round + 1} of ${rounds}: ${name}`);
      results[name].push(await subjects[name](round));
    }
  }
  return results;
}

/** Looks each second how many connections the whole product holds. */
export function watchConnections(servers: Servers): { readonly stop: () => Promise<number> } {
  let most = 0;
  const look = async (): Promise<void> => {
    const [row] = await servers.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> $1`,
      [benchName],
    );
    most = Math.max(most, row?.n ?? 0);
  };
  const timer = setInterval(() => void look().catch(() => undefined), 1_000);
  return {
    stop: async () => {
      clearInterval(timer);
      await look().catch(() => undefined);
      return most;
    },
  };
}
