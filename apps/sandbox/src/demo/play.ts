import { setTimeout as sleep } from 'node:timers/promises';
import type { ScenarioComment } from '../bakery/comments.js';
import { isFinal, type Played } from './judge.js';
import type { Account, RunningSystem } from './system.js';

/** A busy but human morning; sixty comments take less than ten seconds to write. */
const betweenCommentsMs = 120;
const betweenLooksMs = 500;

/**
 * Writes the comments in their order, each answer in a thread after the comment before it is finished.
 * @param deadline in milliseconds since 1970: what is not finished by then is judged as it is
 * @param finished hears of each comment when nothing more will happen to it, or at the deadline
 */
export async function play(
  system: RunningSystem,
  comments: readonly ScenarioComment[],
  deadline: number,
  finished: (played: Played) => void,
): Promise<readonly Played[]> {
  const running = new Map<string, Promise<Played>>();
  for (const comment of comments) {
    const before = comment.after === undefined ? undefined : running.get(comment.after);
    running.set(
      comment.key,
      playOne(system, comment, before, deadline).then((played) => {
        finished(played);
        return played;
      }),
    );
    await sleep(betweenCommentsMs);
  }
  return Promise.all(running.values());
}

async function playOne(
  system: RunningSystem,
  comment: ScenarioComment,
  before: Promise<Played> | undefined,
  deadline: number,
): Promise<Played> {
  const parentId = before && (await before).id;
  const { text, username, mediaId } = comment;
  const id = await system.write({ text, username, mediaId, ...(parentId !== undefined && { parentId }) });
  return { comment, id, account: await untilFinal(system, id, deadline) };
}

async function untilFinal(system: RunningSystem, id: string, deadline: number): Promise<Account | undefined> {
  for (;;) {
    const account = await system.accountOf(id);
    if (isFinal(account) || Date.now() >= deadline) return account;
    await sleep(betweenLooksMs);
  }
}
