import { describe, expect, it } from 'vitest';
import { AccountId, CommentId } from '../shared/ids.js';
import type { ReplyChannel } from './reply.js';
import { usesOfReply } from './reply-allowance.js';

const limits = { perHour: 750, perAuthor: 5, perThread: 10 };
const followUp = {
  id: CommentId.parse('2'),
  parentId: CommentId.parse('1'),
  accountId: AccountId.parse('9'),
  authorId: 'a',
  username: 'anna',
};
const used = (comment: Parameters<typeof usesOfReply>[0], channel: ReplyChannel = 'public'): readonly string[] =>
  usesOfReply(comment, limits, channel).map(({ limit, of, most }) => `${limit} of ${of}: ${most}`);

describe('what a reply counts against', () => {
  // audit 15, AN-10
  it('is its account, the top of its thread, and its author in that account', () => {
    expect(used(followUp)).toEqual([
      'replies-of-account of 9: 750',
      'replies-in-thread of 9 1: 10',
      'replies-to-author of 9 a: 5',
    ]);
  });

  it('is no author where the platform names none', () => {
    expect(used({ ...followUp, authorId: undefined, username: undefined })).toHaveLength(2);
  });

  // M8
  it('is the platform\u2019s own figure alone when it is private', () => {
    expect(used(followUp, 'private')).toEqual(['private-replies-of-account of 9: 750']);
  });
});
