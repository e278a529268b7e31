import { performance } from 'node:perf_hooks';
import type { Lane } from '#domain/jobs/job-catalog.js';
import type { WorkOverview } from '../postgres/work-overview.js';
import type { LaneDepth } from '../queue/lane-depths.js';
import type { CircuitState } from '../resilience/guarded.js';

/** Longest a dependency may take to answer a health question, in milliseconds. */
const answerWithinMs = 1_000;

export type DependencyState = { readonly up: true; readonly ms: number } | { readonly up: false; readonly why: string };

/** What this process cannot work without, asked for a sign of life. Never throws. */
export abstract class Dependencies {
  abstract database(): Promise<DependencyState>;
  abstract redis(): Promise<DependencyState>;
  /** This process's circuit breakers: an open one means degraded, never unready. */
  abstract circuits(): readonly CircuitState[];
  /** How all the work stands, some seconds old at most; undefined while the database does not say. */
  abstract work(): Promise<WorkOverview | undefined>;
  /** What waits in the queue; undefined while it does not say. */
  abstract lanes(): Promise<Readonly<Record<Lane, LaneDepth>> | undefined>;
}

/** @param question throws or hangs when the dependency is away */
export async function ask(question: () => Promise<unknown>): Promise<DependencyState> {
  const began = performance.now();
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${answerWithinMs} ms`)), answerWithinMs);
    });
    await Promise.race([question(), late]);
    return { up: true, ms: Math.round(performance.now() - began) };
  } catch {
    // The reason may carry addresses and names; the log has it, a health page is public.
    return { up: false, why: `no answer within ${answerWithinMs} ms or refused` };
  } finally {
    clearTimeout(timer);
  }
}
