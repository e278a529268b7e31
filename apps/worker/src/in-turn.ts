import type { Turns } from '#domain/work/turns.js';

export interface TurnTimes {
  readonly name: string;
  /** Longer than the work ever takes: who dies with the turn delays the next one by this much. */
  readonly forMs: number;
  readonly afterFailureMs: number;
}

/**
 * Does the work when it is this process's turn.
 * @param work answers when the next turn is due, in milliseconds
 */
export async function inTurn(turns: Turns, times: TurnTimes, work: () => Promise<number>): Promise<void> {
  const turn = await turns.take(times.name, times.forMs);
  if (!turn) return;
  let againInMs = times.afterFailureMs;
  try {
    againInMs = await work();
  } finally {
    await turns.finish(turn, againInMs);
  }
}
