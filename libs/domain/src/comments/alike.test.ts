import { describe, expect, it } from 'vitest';
import { AccountId, CommentId, MediaId } from '../shared/ids.js';
import { holdsForOthers, likenessOf } from './alike.js';
import type { CommentContext } from './comment-classifier.js';

const accountId = AccountId.parse('17841400000000001');
const mediaId = MediaId.parse('18000000000000001');

function written(text: string, given: Partial<CommentContext['comment']> = {}): CommentContext {
  const media = {
    id: mediaId,
    accountId,
    caption: 'Honey cake',
    type: 'IMAGE',
    permalink: undefined,
    postedAt: undefined,
  };
  const comment: CommentContext['comment'] = {
    id: CommentId.parse('1'),
    accountId,
    mediaId,
    parentId: undefined,
    authorId: '5',
    username: 'anna',
    text,
    mediaKind: 'FEED',
    adId: undefined,
    stage: 'received',
    receivedAt: new Date(0),
    verdict: undefined,
    hidden: false,
    outcome: undefined,
    ...given,
  };
  return { comment, media, thread: [], brand: { username: 'brand' } };
}

// CL-4
describe('two comments are understood alike', () => {
  it.each([
    ['How much?', 'how  much?'],
    ['How much?', ' HOW MUCH?\n'],
    ['Ｈｏｗ much?', 'How much?'],
    ['СКОЛЬКО СТОИТ?', 'Сколько стоит?'],
    ['', ''],
  ])('when their words are the same: %j and %j', (one, other) => {
    const another = written(other, { id: CommentId.parse('2'), authorId: '6', username: 'boris' });
    expect(likenessOf(written(one))).toBe(likenessOf(another));
  });

  it.each([
    ['Really?', 'Really!'],
    ['Great', 'Great 🙄'],
    ['Nice', 'Not nice'],
  ])('not when a sign differs: %j and %j', (one, other) => {
    expect(likenessOf(written(one))).not.toBe(likenessOf(written(other)));
  });

  it('not under another post, another account, or a caption that was edited meanwhile', () => {
    const context = written('How much?');
    const edited = context.media && { ...context, media: { ...context.media, caption: 'Sold out' } };
    const others = [
      written('How much?', { mediaId: MediaId.parse('2') }),
      written('How much?', { accountId: AccountId.parse('2') }),
      { ...context, media: undefined },
      edited ?? context,
    ];
    for (const other of others) expect(likenessOf(other)).not.toBe(likenessOf(context));
  });

  it('never in a thread, where "and you?" means what was said before, nor without a post', () => {
    expect(likenessOf(written('And you?', { parentId: CommentId.parse('9') }))).toBeUndefined();
    const thread = [{ by: 'customer', username: 'anna', text: 'I like it' }] as const;
    expect(likenessOf({ ...written('And you?'), thread })).toBeUndefined();
    expect(likenessOf(written('And you?', { mediaId: undefined }))).toBeUndefined();
  });
});

it('a verdict that speaks of its author holds for nobody else', () => {
  const verdict = {
    class: 'question',
    confidence: 90,
    reason: 'Anna asks for the price.',
    language: 'en',
    model: 'm',
    promptVersion: 'p',
  } as const;
  expect(holdsForOthers(verdict, { username: 'anna' })).toBe(false);
  expect(holdsForOthers(verdict, { username: 'boris' })).toBe(true);
  expect(holdsForOthers(verdict, { username: undefined })).toBe(true);
});
