import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a process has used of the processor so far, and holds of memory. Nothing of it is known without /proc. */
const ticksPerSecond = readTicks();

/** Microseconds of processor time of a process and of all its children, those that have ended included; NaN without /proc. */
export function cpuOfTree(pid: number): number {
  const own = statOf(pid);
  if (own === undefined) return Number.NaN;
  const ticks = own.ticks + own.endedChildren + childrenOf(pid).reduce((sum, child) => sum + ticksOfTree(child), 0);
  return (ticks * 1_000_000) / ticksPerSecond;
}

/** Bytes of memory that a process holds (not its children); NaN without /proc. */
export function residentBytes(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/mu.exec(read(`/proc/${pid}/status`) ?? '');
  return line ? Number(line[1]) * 1_024 : Number.NaN;
}

/** Open files, sockets and pipes of a process; NaN without /proc. */
export function descriptors(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return Number.NaN;
  }
}

function ticksOfTree(pid: number): number {
  const own = statOf(pid);
  if (own === undefined) return 0; // it ended meanwhile: its parent has its ticks by now
  return own.ticks + own.endedChildren + childrenOf(pid).reduce((sum, child) => sum + ticksOfTree(child), 0);
}

function statOf(pid: number): { readonly ticks: number; readonly endedChildren: number } | undefined {
  // The name may hold blanks and brackets: the fields are counted from behind it.
  const fields = read(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ').map(Number);
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields?.slice(11, 15) ?? [];
  return fields && { ticks: user + system, endedChildren: endedUser + endedSystem };
}

function childrenOf(pid: number): readonly number[] {
  return (read(`/proc/${pid}/task/${pid}/children`) ?? '').split(' ').filter(Boolean).map(Number);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function readTicks(): number {
  try {
    return Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  } catch {
    return 100; // what Linux has had for ages
  }
}
