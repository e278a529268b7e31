import { setTimeout as wait } from 'node:timers/promises';

import { LaunchProblem } from '../launch-problem.js';

const pollMs = 150;
const answerMs = 5_000;
const patienceMs = 120_000;

/**
 * Asks a program's readiness until it says yes.
 * @throws LaunchProblem with the last answer when it takes too long
 */
export async function waitUntilReady(name: string, url: string, signal: AbortSignal): Promise<void> {
  let answer = 'no answer';
  for (const until = Date.now() + patienceMs; Date.now() < until; await wait(pollMs, undefined, { signal })) {
    try {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]) });
      const text = await response.text();
      if (response.ok) return;
      answer = `${response.status} ${text.slice(0, 300)}`;
    } catch {
      signal.throwIfAborted();
    }
  }
  throw new LaunchProblem(`${name} is not ready after ${patienceMs / 1_000} s: ${url} says ${answer}`);
}
