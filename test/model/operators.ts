import type { AlertContent, AlertDigest } from '#domain/notifications/alert.js';
import type { Notifier } from '#domain/notifications/notifier.js';
import type { CommentId } from '#domain/shared/ids.js';
import { Crashed, type Process } from './process.js';

/** Few enough to be reached. */
export const chatPace = { messagesPerMinute: 3 } as const;

/** Whoever reads alerts: how often each comment was told. */
export function operators(told: Map<CommentId, number>, process: Process): Notifier {
  const read = async (ids: readonly CommentId[]): Promise<string> => {
    if (process.dead) throw new Crashed();
    for (const id of ids) told.set(id, (told.get(id) ?? 0) + 1);
    await process.gate();
    return `message-${ids.join('-')}`;
  };
  return {
    tell: async ({ comment }: AlertContent) => await read([comment.id]),
    tellTogether: async ({ comments }: AlertDigest) => await read(comments.map(({ id }) => id)),
  };
}
