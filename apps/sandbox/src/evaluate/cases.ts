import type { CommentContext } from '#domain/comments/comment-classifier.js';
import type { CorrectedComment } from '#domain/comments/corrections.js';
import type { Comment, ThreadEntry } from '#domain/comments/comment.js';
import type { CommentClass } from '#domain/comments/verdict.js';
import { AccountId, CommentId, MediaId } from '#domain/shared/ids.js';
import { bakeryAccount } from '../bakery/account.js';
import { bakeryComments, type ScenarioComment } from '../bakery/comments.js';
import { bakeryMedia } from '../bakery/media.js';

/** One comment of the evaluation set, with what a person says that it is. */
export interface Case {
  readonly key: string;
  readonly right: CommentClass;
  readonly context: CommentContext;
}

const accountId = AccountId.parse(bakeryAccount.id);
const nothingDone = {
  stage: 'received',
  receivedAt: new Date(0),
  verdict: undefined,
  hidden: false,
  outcome: undefined,
} as const;

/** The bakery's morning, each comment under its post and behind those of its thread. */
export function scenarioCases(): readonly Case[] {
  return bakeryComments.map((comment, index) => ({
    key: comment.key,
    right: comment.expected.class,
    context: {
      brand: { username: bakeryAccount.username },
      comment: commentOf(comment, index),
      media: mediaOf(comment.mediaId),
      thread: threadOf(comment),
    },
  }));
}

/** What operators have corrected. The words alone: neither their posts nor their threads are read here. */
export function correctedCases(corrected: readonly CorrectedComment[]): readonly Case[] {
  return corrected.map(({ commentId, accountId: account, mediaId, parentId, text, class: right }) => ({
    key: commentId,
    right,
    context: {
      brand: { username: account },
      comment: { ...nothingDone, ...unknown, id: commentId, accountId: account, mediaId, parentId, text },
      media: undefined,
      thread: [],
    },
  }));
}

const unknown = { authorId: undefined, username: undefined, mediaKind: undefined, adId: undefined } as const;

function commentOf({ username, text, mediaId, after }: ScenarioComment, index: number): Comment {
  return {
    ...nothingDone,
    ...unknown,
    id: CommentId.parse(`scenario-${index + 1}`),
    accountId,
    mediaId: MediaId.parse(mediaId),
    parentId: after === undefined ? undefined : CommentId.parse(`scenario-of-${after}`),
    username,
    text,
  };
}

function mediaOf(id: string): CommentContext['media'] {
  const post = bakeryMedia.find((media) => media.id === id);
  if (!post) return undefined;
  const { caption, type } = post;
  return { id: MediaId.parse(id), accountId, caption, type, permalink: undefined, postedAt: undefined };
}

function threadOf({ after }: ScenarioComment): readonly ThreadEntry[] {
  const before = bakeryComments.find(({ key }) => key === after);
  if (!before) return [];
  return [...threadOf(before), { by: 'customer', username: before.username, text: before.text }];
}
