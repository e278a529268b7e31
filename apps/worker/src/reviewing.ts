import type { Logger } from 'pino';
import type { Reviews } from '#domain/moderation/reviews.js';
import type { Turns } from '#domain/work/turns.js';
import { inTurn } from './in-turn.js';
import type { Schedule } from './schedules.js';

const name = 'reviews';
/** A week's sample is there for days; how soon after the week's end hardly matters. */
const everyMs = 3_600_000;
/** How often a worker asks whether it is its turn. */
const askEveryMs = 60_000;
/** One statement; a worker that dies with it delays the next try by this much. */
const turnMs = 60_000;

/** The weekly sample of what the machine hid, drawn by one worker; two at once would draw the same. */
export function reviewSchedules(turns: Turns, reviews: Reviews, logger: Logger): readonly Schedule[] {
  const draw = async (): Promise<number> => {
    const { weeks, comments } = await reviews.draw();
    if (weeks > 0) logger.info({ weeks, comments }, 'Hidden comments wait for review.');
    return everyMs;
  };
  const times = { name, forMs: turnMs, afterFailureMs: turnMs };
  return [{ name, everyMs: askEveryMs, run: async () => await inTurn(turns, times, draw) }];
}
