import { describe, expect, it } from 'vitest';
import { AccountId, CommentId } from '../shared/ids.js';
import { usesOfReply } from './reply-allowance.js';

const limits = { perHour: 750, perAuthor: 5, perThread: 10 };
const followUp = {
  id: CommentId.parse('2'),
  parentId: CommentId.parse('1'),
  accountId: AccountId.parse('9'),
  authorId: 'a',
  username: 'anna',
};
type Reply = Parameters<typeof usesOfReply>[2];
const byTheBot: Reply = { channel: 'public', intent: 'auto' };
const used = (comment: Parameters<typeof usesOfReply>[0], reply = byTheBot): readonly string[] =>
  usesOfReply(comment, limits, reply).map(({ limit, of, most }) => `${limit} of ${of}: ${most}`);

describe('what a reply counts against', () => {
  // audit 15, AN-10
  it('is its account, the top of its thread, and its author in that account', () => {
    expect(used(followUp)).toEqual([
      'replies-of-account of 9: 750',
      'replies-in-thread of 9 1: 10',
      'bot-replies-in-thread of 9 1: 3',
      'replies-to-author of 9 a: 5',
    ]);
  });

  // AN-4
  it('is no cap of the bot when a person has decided, nor a second time for the same reply', () => {
    expect(used(followUp, { channel: 'public', intent: 'person' }).join()).not.toContain('bot-replies');
    expect(used(followUp, { ...byTheBot, again: true }).join()).not.toContain('bot-replies');
  });

  it('is no author where the platform names none', () => {
    expect(used({ ...followUp, authorId: undefined, username: undefined })).toHaveLength(3);
  });

  // M8
  it('is the platform\u2019s own figure alone when it is private', () => {
    expect(used(followUp, { ...byTheBot, channel: 'private' })).toEqual(['private-replies-of-account of 9: 750']);
  });
});
