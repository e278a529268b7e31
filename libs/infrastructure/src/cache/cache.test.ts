import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '#domain/accounts/account.js';
import type { Media } from '#domain/media/media.js';
import type { MediaLibrary } from '#domain/media/media-library.js';
import type { PolicyVersion } from '#domain/policies/policies.js';
import { initialSettings } from '#domain/policies/settings.js';
import { AppError, kindOf } from '#domain/shared/errors.js';
import { AccountId, MediaId, PlatformId } from '#domain/shared/ids.js';
import { InMemoryAccounts } from '../../../../test/fakes/in-memory-accounts.js';
import { InMemoryPolicies } from '../../../../test/fakes/in-memory-policies.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { accountIsFreshForMs, CachedAccounts } from './cached-accounts.js';
import { CachedMediaLibrary, postIsFreshForMs } from './cached-media-library.js';
import { CachedPolicies, policyIsFreshForMs } from './cached-policies.js';
import { noHoldsForMs, SharedMediaReads } from './shared-media-reads.js';

const id = AccountId.parse('17841400000000001');
const identity = { id, platform: PlatformId.parse('instagram'), username: 'warm.bread' };
const post: Media = {
  id: MediaId.parse('18000000000000001'),
  accountId: id,
  caption: 'Honey cake',
  type: 'IMAGE',
  permalink: undefined,
  postedAt: undefined,
};
const hundred = <T>(ask: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: 100 }, ask));

let clock: VirtualClock;
beforeEach(() => {
  clock = new VirtualClock();
});

describe('accounts that are remembered', () => {
  class Book extends InMemoryAccounts {
    asked = 0;
    failure: AppError | undefined;

    override async get(of: AccountId): Promise<Account> {
      this.asked += 1;
      if (this.failure) throw this.failure;
      return await super.get(of);
    }
  }
  let book: Book;
  let accounts: CachedAccounts;
  beforeEach(async () => {
    book = new Book();
    accounts = new CachedAccounts(book, () => clock.elapsedMs());
    await accounts.connect(identity);
  });

  // audit 39
  it('are asked for once by a hundred steps at the same time, and by those that follow', async () => {
    expect(new Set(await hundred(async () => await accounts.get(id))).size).toBe(1);
    await accounts.get(id);
    expect(book.asked).toBe(1);
  });

  it('follow a name that was changed elsewhere within five seconds', async () => {
    expect((await accounts.get(id)).username).toBe('warm.bread');
    await book.connect({ ...identity, username: 'new.bread' });
    expect((await accounts.get(id)).username).toBe('warm.bread');
    clock.pass(accountIsFreshForMs + 1);
    expect((await accounts.get(id)).username).toBe('new.bread');
    expect(accountIsFreshForMs).toBeLessThanOrEqual(5_000);
  });

  it('are as they were connected from the next step on', async () => {
    await accounts.get(id);
    await accounts.connect({ ...identity, username: 'new.bread' });
    expect((await accounts.get(id)).username).toBe('new.bread');
  });

  it('answer whoever asked while one was connected anew, and keep nothing of before', async () => {
    const before = accounts.get(id);
    const connected = accounts.connect({ ...identity, username: 'new.bread' });
    expect((await before).username).toMatch(/bread/u);
    await connected;
    expect((await accounts.get(id)).username).toBe('new.bread');
  });

  it('are asked for anew after a failure, also when the account was not connected yet', async () => {
    book.failure = new AppError('unavailable', 'the database is away');
    await expect(accounts.get(id)).rejects.toMatchObject({ kind: 'unavailable' });
    book.failure = undefined;
    await expect(accounts.get(id)).resolves.toMatchObject(identity);
    const other = AccountId.parse('17841400000000002');
    await expect(accounts.get(other)).rejects.toMatchObject({ kind: 'not-found' });
    await accounts.connect({ ...identity, id: other });
    await expect(accounts.get(other)).resolves.toMatchObject({ id: other });
  });
});

class Library implements MediaLibrary {
  readonly known = new Map<MediaId, Media>();
  asked = 0;
  noted = 0;
  failure: AppError | undefined;

  async find(of: MediaId): Promise<Media | undefined> {
    this.asked += 1;
    return await Promise.resolve(this.known.get(of));
  }

  async remember(media: Media): Promise<void> {
    this.noted += 1;
    await Promise.resolve();
    if (this.failure) throw this.failure;
    this.known.set(media.id, media);
  }

  async changed(): Promise<void> {
    await Promise.resolve();
  }
}

describe('posts that are remembered', () => {
  let shelf: Library;
  let library: CachedMediaLibrary;
  beforeEach(() => {
    shelf = new Library();
    library = new CachedMediaLibrary(shelf, () => clock.elapsedMs());
  });

  // audit 39
  it('are asked for once a minute, however many comments stand under them', async () => {
    shelf.known.set(post.id, post);
    await hundred(async () => await library.find(post.id));
    expect([await library.find(post.id), shelf.asked]).toEqual([post, 1]);
    clock.pass(postIsFreshForMs + 1);
    await library.find(post.id);
    expect(shelf.asked).toBe(2);
  });

  it('are looked for again as long as they are not known, and seen as soon as they are noted', async () => {
    expect([await library.find(post.id), await library.find(post.id)]).toEqual([undefined, undefined]);
    expect(shelf.asked).toBe(2);
    await library.remember(post);
    expect(await library.find(post.id)).toEqual(post);
    await library.remember({ ...post, caption: 'Edited' });
    expect((await library.find(post.id))?.caption).toBe('Edited');
  });

  it('are noted once by all who shared one reading, and again after a failure', async () => {
    shelf.failure = new AppError('unavailable', 'the database is away');
    await expect(library.remember(post)).rejects.toMatchObject({ kind: 'unavailable' });
    shelf.failure = undefined;
    await hundred(async () => await library.remember(post));
    expect(shelf.noted).toBe(2);
  });

  it('are read from the platform once by a hundred comments, and again after a failure', async () => {
    let reads = 0;
    const reader = new SharedMediaReads({
      read: async () => {
        reads += 1;
        await Promise.resolve();
        if (reads === 1) throw new AppError('unavailable', 'the platform is away');
        return post;
      },
    });
    const read = async (): Promise<Media> => await reader.read({ accountId: id, mediaId: post.id });
    await expect(hundred(read)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(new Set(await hundred(read))).toEqual(new Set([post]));
    expect(reads).toBe(2);
  });

  it('that the platform no longer has are asked for once a minute, not once per comment', async () => {
    let reads = 0;
    const reader = new SharedMediaReads(
      {
        read: async () => {
          reads += 1;
          return await Promise.reject(new AppError('gone', 'there is no such post'));
        },
      },
      () => clock.elapsedMs(),
    );
    const read = async (): Promise<string> =>
      await reader.read({ accountId: id, mediaId: post.id }).then(
        () => 'read',
        (error: unknown) => kindOf(error),
      );
    for (let comment = 0; comment < 100; comment += 1) expect(await read()).toBe('gone');
    expect(reads).toBe(1);
    clock.pass(noHoldsForMs + 1);
    expect([await read(), reads]).toEqual(['gone', 2]);
  });
});

describe('policies that are remembered', () => {
  it('are read once for many comments, follow a change made elsewhere within five seconds, and one made here at once', async () => {
    let asked = 0;
    class Book extends InMemoryPolicies {
      override async current(of: AccountId): Promise<PolicyVersion> {
        asked += 1;
        return await super.current(of);
      }
    }
    const book = new Book();
    const policies = new CachedPolicies(book, () => clock.elapsedMs());
    const change = { accountId: id, settings: initialSettings, by: 'operator', note: undefined };
    await hundred(async () => await policies.current(id));
    expect(asked).toBe(1);

    await book.add({ ...change, after: 0 });
    expect((await policies.current(id)).version).toBe(0);
    clock.pass(policyIsFreshForMs + 1);
    expect((await policies.current(id)).version).toBe(1);
    expect(policyIsFreshForMs).toBeLessThanOrEqual(5_000);

    await policies.add({ ...change, after: 1 });
    expect((await policies.current(id)).version).toBe(2);
  });
});
