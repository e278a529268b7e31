import { beforeEach, describe, expect, it } from 'vitest';
import { oneAccount, oneComment } from '../../../../test/fakes/one-comment.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { postIsReadAgainAfterMs, type Media } from '../media/media.js';
import { MediaLibrary } from '../media/media-library.js';
import type { Platform } from '../platforms/platform.js';
import { AppError } from '../shared/errors.js';
import { MediaId } from '../shared/ids.js';
import { CommentContexts } from './comment-contexts.js';
import type { Comments } from './comments.js';

const mediaId = MediaId.parse('5');
const comment = { ...oneComment, mediaId };
const clock = new VirtualClock();

/** The post as the platform shows it now; undefined while it cannot be asked. */
let caption: string | undefined;
let reads: number;
let known: Media | undefined;
let contexts: CommentContexts;

class Library extends MediaLibrary {
  async find(): Promise<Media | undefined> {
    return await Promise.resolve(known);
  }

  async remember(media: Media): Promise<void> {
    known = { ...media, readAt: clock.now() };
    await Promise.resolve();
  }

  async changed(): Promise<void> {
    await Promise.resolve();
  }
}

const read = async (): Promise<Media> => {
  reads += 1;
  await Promise.resolve();
  if (caption === undefined) throw new AppError('unavailable', 'the platform is away');
  const nothingElse = { type: undefined, permalink: undefined, postedAt: undefined };
  return { id: mediaId, accountId: oneAccount.id, caption, ...nothingElse };
};

const captionShown = async (): Promise<string | undefined> => {
  const { media } = await contexts.of(comment, oneAccount);
  await new Promise((resolve) => setImmediate(resolve)); // what goes on behind the comment's back ends
  return media?.caption;
};

beforeEach(() => {
  caption = 'Pies from 850';
  reads = 0;
  known = undefined;
  const comments = { threadBefore: async () => await Promise.resolve([]) } as unknown as Comments; // the thread is asked for and nothing else
  const platform = { media: { read } } as unknown as Platform; // nothing else of it is used here
  contexts = new CommentContexts(comments, new Library(), { get: () => platform, all: () => [platform] }, clock);
});

// CL-2, CL-3
describe('the post that a comment stands under', () => {
  it('is read once, and again when it is old: the comment that notices does not wait, the next one has the new caption', async () => {
    expect([await captionShown(), await captionShown(), reads]).toEqual(['Pies from 850', 'Pies from 850', 1]);
    caption = 'Pies from 900';
    clock.pass(postIsReadAgainAfterMs);
    expect([await captionShown(), reads]).toEqual(['Pies from 850', 1]);
    clock.pass(1);
    expect([await captionShown(), await captionShown(), reads]).toEqual(['Pies from 850', 'Pies from 900', 2]);
  });

  it('stays as it is known when the platform cannot be asked again', async () => {
    await captionShown();
    caption = undefined;
    clock.pass(postIsReadAgainAfterMs + 1);
    expect([await captionShown(), await captionShown()]).toEqual(['Pies from 850', 'Pies from 850']);
  });

  it('is left out when nobody can say what it is, and the comment goes on', async () => {
    caption = undefined;
    expect(await captionShown()).toBeUndefined();
  });
});
