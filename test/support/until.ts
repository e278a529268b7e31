import { setTimeout as wait } from 'node:timers/promises';

const betweenLooksMs = 100;

/**
 * Looks again and again until there is something to see.
 * @param what is waited for, for the message when it does not come
 * @param look answers undefined or false while it is not there yet
 * @throws Error when the time is over
 */
export async function until<Seen>(
  what: string,
  withinMs: number,
  look: () => Promise<Seen | undefined | false> | Seen | undefined | false,
): Promise<Seen> {
  for (const end = Date.now() + withinMs; ; await wait(betweenLooksMs)) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > end) throw new Error(`waited ${withinMs / 1_000} s in vain for ${what}`);
  }
}
