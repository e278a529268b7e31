import { describe, expect, it } from 'vitest';
import type { CommentClass } from '#domain/comments/verdict.js';
import type { AlertContent, AlertDigest } from '#domain/notifications/alert.js';
import { AccountId, CommentId, MediaId } from '#domain/shared/ids.js';
import { digestHtml, digestText } from './digest-message.js';

const contentOf = (id: number, name: CommentClass | undefined, text: string, caption = 'Honey cake'): AlertContent => ({
  comment: {
    id: CommentId.parse(String(id)),
    accountId: AccountId.parse('9'),
    mediaId: MediaId.parse('2'),
    parentId: undefined,
    authorId: '3',
    username: 'anna',
    text,
    mediaKind: 'FEED',
    adId: undefined,
    stage: 'acting',
    receivedAt: new Date(0),
    verdict: name && { class: name, confidence: 96, reason: '', language: 'en', model: 'm', promptVersion: 'p' },
    hidden: false,
    outcome: undefined,
  },
  media: {
    id: MediaId.parse('2'),
    accountId: AccountId.parse('9'),
    caption,
    type: 'IMAGE',
    permalink: `https://www.instagram.com/p/${'a'.repeat(200)}/`,
    postedAt: undefined,
  },
  draft: undefined,
  parked: undefined,
  suggestsHiding: false,
  maybeRepeated: false,
});
const digestOf = (shown: readonly AlertContent[], more: readonly (CommentClass | undefined)[] = []): AlertDigest => ({
  comments: [
    ...shown.map(({ comment }) => ({ id: comment.id, class: comment.verdict?.class })),
    ...more.map((name, index) => ({ id: CommentId.parse(String(1_000 + index)), class: name })),
  ],
  shown,
  maybeRepeated: false,
});

describe('several comments in one message', () => {
  it('say how many there are of each class, and show the most pressing ones', () => {
    const shown = [contentOf(1, 'urgent', 'Where is my <b>cake</b>?'), contentOf(2, undefined, '')];
    const message = digestText(digestOf(shown, ['urgent', 'critical', 'critical']));
    expect(message.split('\n').slice(0, 4)).toEqual([
      '5 comments need a look',
      '🔴 2 · urgent issue / complaint',
      '1 · not understood',
      '🟠 2 · critical feedback',
    ]);
    expect(message).toContain('Where is my <b>cake</b>?');
    expect(message).toContain('(no text: a sticker or GIF)');
    expect(message).toContain('… and 3 more');
    expect(digestHtml(digestOf(shown))).toContain('Where is my &lt;b&gt;cake&lt;/b&gt;?');
  });

  it('stay within what the chat takes, whatever is in them', () => {
    const nasty = ['&<>'.repeat(900), '🍰'.repeat(2_000), '\u202E'.repeat(3_000), 'شكرا '.repeat(900)];
    const shown = Array.from({ length: 8 }, (_, at) => contentOf(at, 'urgent', nasty[at % 4] ?? '', nasty[at % 4]));
    const more = Array.from({ length: 1_000 }, () => 'critical' as const);
    const digest = { ...digestOf(shown, more), maybeRepeated: true };
    expect(digestText(digest).length).toBeLessThanOrEqual(4_096);
    // Of HTML the visible part counts, after its entities are read.
    const visible = digestHtml(digest)
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll(/&(?:amp|lt|gt);/g, '.');
    expect(visible.length).toBeLessThanOrEqual(4_096);
  });
});
