import type { Notifier } from '#domain/notifications/notifier.js';
import type { CommentId } from '#domain/shared/ids.js';
import { Crashed, type Process } from './process.js';

/** Whoever reads alerts: how often each comment was told. */
export function operators(told: Map<CommentId, number>, process: Process): Notifier {
  return {
    tell: async ({ comment }) => {
      if (process.dead) throw new Crashed();
      told.set(comment.id, (told.get(comment.id) ?? 0) + 1);
      await process.gate();
      return `message-${comment.id}`;
    },
  };
}
