import { describe, expect, it } from 'vitest';
import { ZodError } from 'zod';
import { AlertId, CommentId, ModerationId, ReplyId } from '../shared/ids.js';
import { jobFor, parseJob, refOf } from './job-catalog.js';

const uuid = '0193e3a2-1111-7aaa-8bbb-123456789abc';

describe('jobs', () => {
  it('continue each row at the stage where it stands', () => {
    const reply = { kind: 'reply', id: ReplyId.parse(uuid) } as const;
    const next = (stage: string): string | undefined => jobFor(reply, stage)?.name;
    expect(['wanted', 'drafted', 'sending', 'unknown', 'removing'].map(next)).toEqual([
      'replies.draft',
      'replies.send',
      'replies.reconcile',
      'replies.reconcile',
      'replies.remove',
    ]);
    expect(['waiting', 'sent', 'removed', 'parked', 'dropped'].flatMap((stage) => next(stage) ?? [])).toEqual([]);
    expect(jobFor({ kind: 'comment', id: CommentId.parse('1') }, 'received')?.name).toBe('comments.classify');
    expect(jobFor({ kind: 'moderation', id: ModerationId.parse(uuid) }, 'due')?.name).toBe('moderation.apply');
    expect(jobFor({ kind: 'alert', id: AlertId.parse(uuid) }, 'waiting')?.name).toBe('notifications.tell');
  });

  it('come out of the queue as they went in, and know their row', () => {
    const request = parseJob('replies.send', { replyId: uuid });
    expect(refOf(request)).toEqual({ kind: 'reply', id: uuid });
  });

  it.each([
    ['an unknown name', 'comments.paint', { commentId: '1' }],
    ['a missing id', 'comments.classify', {}],
    ['an id of the wrong kind', 'replies.send', { replyId: '17865799348089039' }],
  ])('fail at once with %s', (_what, name, data) => {
    expect(() => parseJob(name, data)).toThrow(ZodError);
  });
});
