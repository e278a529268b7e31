import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { presets } from '#domain/comments/policy.js';
import { contentOf, type Media } from '#domain/media/media.js';
import type { MediaLibrary } from '#domain/media/media-library.js';
import type { PictureDescription } from '#domain/media/picture-describer.js';
import { PostSight, waitsForSightMs } from '#domain/media/post-sight.js';
import type { Platform, Platforms } from '#domain/platforms/platform.js';
import { AppError } from '#domain/shared/errors.js';
import { MediaId } from '#domain/shared/ids.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresMediaLibrary } from '#infrastructure/postgres/media-library.js';
import { PostgresUnderstandings } from '#infrastructure/postgres/understandings.js';
import { account, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;
let database: Database;
let library: MediaLibrary;
let understandings: PostgresUnderstandings;
/** By picture: what the model says of it. A function may wait or throw. */
let says: (picture: string) => Promise<PictureDescription>;
let looked: string[];
const untold: unknown[] = [];
let posts = 0;

const described = (text: string): PictureDescription => ({
  kind: 'described',
  text,
  model: 'gpt-6-luna',
  promptVersion: 'describe-picture@1',
});

/** One worker: its own memory, the database of all. */
function worker(): PostSight {
  const media = {
    read: async () => await Promise.reject(new Error('nobody asks')),
    pictures: {
      read: async ({ mediaId }: { readonly mediaId: MediaId }) => {
        const post = await library.find(mediaId);
        return (post?.pictures ?? []).map((picture) => ({ load: async () => await Promise.resolve(picture) }));
      },
    },
  };
  const platform = { media } as unknown as Platform; // nothing else of it is used here
  const platforms: Platforms = { get: () => platform, all: () => [platform] };
  const whole = { ...account, preset: 'balanced', policy: presets.balanced } as const;
  const accounts = {
    get: async () => await Promise.resolve(whole),
    all: async () => await Promise.resolve([whole]),
    connect: async () => await Promise.resolve(),
  };
  const describer = {
    describe: async ({ image }: { readonly image: string }) => {
      looked.push(image);
      return await says(image);
    },
  };
  return new PostSight(understandings, library, accounts, platforms, describer, {
    untold: (error) => untold.push(error),
    // Time is short here: a comment waits for ten milliseconds.
    pause: async (ms) => await new Promise((resolve) => setTimeout(resolve, ms === waitsForSightMs ? 200 : 10)),
    elapsedMs: () => performance.now(),
  });
}

async function post(pictures: readonly string[], caption = 'Pies'): Promise<Media> {
  posts += 1;
  const id = MediaId.parse(String(posts));
  await library.remember({
    id,
    accountId: account.id,
    caption,
    type: 'IMAGE',
    permalink: undefined,
    postedAt: undefined,
    pictures,
  });
  return await known(id);
}

async function known(id: MediaId): Promise<Media> {
  const media = await library.find(id);
  if (!media) throw new Error('the post is not known');
  return media;
}

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  library = new PostgresMediaLibrary(database);
  understandings = new PostgresUnderstandings(database);
});
beforeEach(() => {
  looked = [];

  says = async (picture) => await Promise.resolve(described(`It is ${picture}.`));
});
afterAll(async () => {
  await database.close();
  await service.stop();
});

// CL-3, audit 39
describe('what is seen in a post', () => {
  it('is found out once by a hundred comments on two workers, and kept with the post', async () => {
    const media = await post(['apple']);
    says = async (picture) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return described(`It is ${picture}.`);
    };
    const [one, two] = [worker(), worker()];
    const all = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => await (index % 2 === 0 ? one : two).withSight(media)),
    );
    expect(new Set(all.map(({ understanding }) => understanding))).toEqual(new Set(['It is apple.']));
    expect(looked).toEqual(['apple']);
    expect(await known(media.id)).toMatchObject({ understanding: 'It is apple.' });
    expect(await understandings.find(media.id)).toMatchObject({
      state: 'ready',
      model: 'gpt-6-luna',
      promptVersion: 'describe-picture@1',
      problem: undefined,
    });
  });

  it('of a carousel is in the order of its pictures; those that could not be looked at are named', async () => {
    const media = await post(['apple', 'hidden', 'cherry']);
    says = async (picture) => {
      if (picture === 'hidden') throw new AppError('unavailable', 'the picture did not come');
      return await Promise.resolve(described(`It is ${picture}.`));
    };
    expect((await worker().withSight(media)).understanding).toBe(
      'Picture 1 of 3: It is apple.\nPicture 2 of 3: could not be looked at.\nPicture 3 of 3: It is cherry.',
    );
    expect(await understandings.find(media.id)).toMatchObject({
      state: 'ready',
      problem: 'Picture 2 of 3: the picture did not come',
    });
  });

  it('is found out anew when caption or pictures change, and not when they do not', async () => {
    const media = await post(['apple']);
    await worker().withSight(media);
    await library.remember({ ...media, pictures: ['cherry'] });
    const changed = await known(media.id);
    expect(changed).not.toHaveProperty('understanding');
    expect((await worker().withSight(changed)).understanding).toBe('It is cherry.');
    await library.remember(changed);
    await worker().withSight(await known(media.id));
    expect(looked).toEqual(['apple', 'cherry']);
  });

  it('is not waited for longer than a comment may wait; it comes all the same, for later comments', async () => {
    const media = await post(['slow']);
    let finish = (): void => undefined;
    says = async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      return described('It is there.');
    };
    const sight = worker();
    expect(await sight.withSight(media)).not.toHaveProperty('understanding');
    finish();
    await expect.poll(async () => (await known(media.id)).understanding).toBe('It is there.');
    expect(looked).toHaveLength(1);
  });

  it('is found out by another worker when one dies over it, and the dead one’s late words are not taken', async () => {
    const media = await post(['apple']);
    const dead = await understandings.take(media.id, contentOf(media), 60_000);
    if (!dead) throw new Error('the turn was not given');
    expect(await worker().withSight(media)).not.toHaveProperty('understanding');
    expect(looked).toEqual([]);
    await database.query(
      `UPDATE understandings SET lease_until = now(), due_at = now() WHERE media_id = $1 RETURNING 1`,
      [media.id],
    );
    expect(await worker().catchUp(10)).toBe(1);
    expect(await known(media.id)).toMatchObject({ understanding: 'It is apple.' });
    await understandings.keep(dead, { text: 'late', problem: undefined, model: 'm', promptVersion: 'p' });
    expect(await known(media.id)).toMatchObject({ understanding: 'It is apple.' });
  });

  it('is tried again later while the model is away, and by nobody when it refuses', async () => {
    const away = await post(['apple']);
    says = async () => await Promise.reject(new AppError('unavailable', 'the model is away'));
    await worker().withSight(away);
    await worker().withSight(away);
    expect(looked).toHaveLength(1);
    expect(await understandings.find(away.id)).toMatchObject({
      state: 'pending',
      underWay: false,
      problem: 'Picture 1 of 1: the model is away',
    });
    await database.query(`UPDATE understandings SET due_at = now() WHERE media_id = $1 RETURNING 1`, [away.id]);
    says = async (picture) => await Promise.resolve(described(`It is ${picture}.`));
    await worker().catchUp(10);
    expect(await known(away.id)).toMatchObject({ understanding: 'It is apple.' });

    const refused = await post(['apple']);
    says = async () => await Promise.resolve({ kind: 'refused', detail: 'no' });
    await worker().withSight(refused);
    await worker().withSight(refused);
    expect(looked).toHaveLength(3);
    expect(await understandings.find(refused.id)).toMatchObject({
      state: 'failed',
      problem: 'Picture 1 of 1: refused: no',
    });
    expect(await worker().catchUp(10)).toBe(0);
  });

  it('that a person wrote is never written over, also when the post changes, unless it is asked for', async () => {
    const media = await post(['apple']);
    await worker().withSight(media);
    await understandings.edit(media.id, contentOf(media), 'Our winner of 2026.');
    await library.remember({ ...media, caption: 'Another' });
    const changed = await known(media.id);
    expect(changed.understanding).toBe('Our winner of 2026.');
    expect(await understandings.take(media.id, contentOf(changed), 1_000)).toBeUndefined();

    await understandings.askAnew(media.id, contentOf(changed));
    expect((await known(media.id)).understanding).toBe('Our winner of 2026.');
    await worker().catchUp(10);
    expect(await known(media.id)).toMatchObject({ understanding: 'It is apple.' });
    expect(untold).toEqual([]);
  });

  it('is not asked for where there is nothing to look at', async () => {
    const media = await post([]);
    expect(await worker().withSight(media)).toEqual(media);
    expect(await understandings.find(media.id)).toBeUndefined();
  });
});
