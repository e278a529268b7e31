import { shareOf } from './ids.js';

/** How far a list is behind what was published. */
export interface Lag {
  readonly ms: number;
  /** Each entry has a delay of its own up to `ms`, told by its id: one that was listed stays listed. */
  readonly scattered: boolean;
}

export function isListedYet({ id, at }: { readonly id: string; readonly at: string }, lag: Lag | undefined): boolean {
  if (!lag) return true;
  const delayMs = lag.scattered ? shareOf(id) * lag.ms : lag.ms;
  return Date.now() - Date.parse(at) >= delayMs;
}
