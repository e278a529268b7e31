import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IncomingComment } from '#domain/comments/comment.js';
import type { CommentListing, ListedMedia, Platform, Platforms } from '#domain/platforms/platform.js';
import { AppError } from '#domain/shared/errors.js';
import { CommentId, MediaId } from '#domain/shared/ids.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { PostgresCoverage } from '#infrastructure/postgres/coverage.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresIntake } from '#infrastructure/postgres/intake.js';
import { ReconcileCoverage, type CoverageRun } from '#use-cases/coverage/reconcile-coverage.js';
import { account, delivery, incoming, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

const mediaId = MediaId.parse('18000000000000001');
const pageSize = 10;
const hourMs = 3_600_000;

/** One post of a platform whose pages can fail. */
class Post implements CommentListing {
  comments: IncomingComment[] = [];
  pages = 0;
  failAtPage: number | undefined;

  write(id: string, minutesAgo: number, parentId?: string): void {
    const writtenAt = new Date(Date.now() - minutesAgo * 60_000);
    const parent = parentId === undefined ? {} : { parentId: CommentId.parse(parentId) };
    this.comments.push(incoming(id, { mediaId, writtenAt, ...parent }));
  }

  async recentMedia(): Promise<readonly ListedMedia[]> {
    return await Promise.resolve([{ id: mediaId, kind: 'FEED', postedAt: undefined, comments: this.comments.length }]);
  }

  async page({ after }: Parameters<CommentListing['page']>[0]): ReturnType<CommentListing['page']> {
    this.pages += 1;
    if (this.pages === this.failAtPage) throw new AppError('unavailable', 'away');
    const tops = this.comments
      .filter(({ parentId }) => parentId === undefined)
      .toSorted((one, other) => timeOf(other) - timeOf(one));
    const from = Number(after ?? 0);
    const some = tops.slice(from, from + pageSize);
    const comments = some.flatMap((top) => [top, ...this.comments.filter(({ parentId }) => parentId === top.id)]);
    const next = from + pageSize < tops.length ? String(from + pageSize) : undefined;
    const body = new TextEncoder().encode(JSON.stringify(some.map(({ id }) => id)));
    return await Promise.resolve({
      body,
      comments,
      quarantined: [],
      reachesBackTo: some.at(-1)?.writtenAt ?? undefined,
      next,
    });
  }
}

function timeOf({ writtenAt }: IncomingComment): number {
  return writtenAt?.getTime() ?? 0;
}

let service: TestService;
let database: Database;
let post: Post;
let rung: string[];

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
});
beforeEach(async () => {
  await database.query('TRUNCATE accounts, comments, deliveries, decisions, media_looks');
  await new PostgresAccounts(database).connect(account);
  await database.query(`WITH old AS (UPDATE accounts SET connected_at = now() - interval '5 hours' RETURNING 1)
                        SELECT 1 FROM old`);
  post = new Post();
  rung = [];
});
afterAll(async () => {
  await database.close();
  await service.stop();
});

async function run(): Promise<CoverageRun> {
  // Of the platform only its lists are asked for.
  const platform = { listing: post } as unknown as Platform;
  const platforms: Platforms = { get: () => platform, all: () => [platform] };
  const clock = { now: () => new Date(), elapsedMs: () => performance.now(), random: () => 0.5 };
  const queue = {
    waiting: async () => await Promise.resolve(0),
    ring: async (jobs: readonly { data: object }[]) => await Promise.resolve(void rung.push(...jobs.map(ringOf))),
  };
  const accounts = new PostgresAccounts(database);
  const coverage = new PostgresCoverage(database);
  const reconcile = new ReconcileCoverage(platforms, accounts, coverage, new PostgresIntake(database), queue, clock);
  return await reconcile.execute({ graceMs: 120_000, withinMs: 60_000 });
}

function ringOf({ data }: { readonly data: object }): string {
  return 'commentId' in data ? String(data.commentId) : '';
}

async function stored(source: string): Promise<readonly string[]> {
  const rows = await database.query<{ id: string }>('SELECT id FROM comments WHERE source = $1 ORDER BY id', [source]);
  return rows.map(({ id }) => id);
}

// IN-12
describe('looking after a post', () => {
  it('stores what no webhook brought, rings for it, and leaves a young one to its webhook', async () => {
    const intake = new PostgresIntake(database);
    post.write('100', 30);
    post.write('101', 20);
    post.write('102', 1);
    await intake.store(delivery([incoming('100', { mediaId })]));
    expect(await run()).toMatchObject({ found: 1, imported: 0, read: 1 });
    expect([await stored('webhook'), await stored('polling'), rung]).toEqual([['100'], ['101'], ['101']]);
  });

  it('costs no page when nothing happened, or all that happened came by webhook', async () => {
    post.write('100', 30);
    await run();
    const { pages } = post;
    expect(await run()).toMatchObject({ read: 0, skipped: 1 });
    post.write('101', 0);
    await new PostgresIntake(database).store(delivery([incoming('101', { mediaId })]));
    expect(await run()).toMatchObject({ read: 0, skipped: 1 });
    expect(post.pages).toBe(pages);
  });

  it('looks again for a young one whose webhook did not come', async () => {
    post.write('100', 1);
    expect(await run()).toMatchObject({ found: 0 });
    post.comments = [];
    post.write('100', 4);
    expect(await run()).toMatchObject({ found: 1 });
  });

  it('keeps what was there before the account as history, in pages that go on after a failure', async () => {
    for (let count = 0; count < 35; count += 1) post.write(String(200 + count), 10 * 60 + count);
    post.write('100', 30);
    post.failAtPage = 3;
    await expect(run()).rejects.toMatchObject({ kind: 'unavailable' });
    expect((await stored('history')).length).toBe(19);
    expect(await run()).toMatchObject({ imported: 16, found: 0 });
    expect(post.pages).toBe(5);
    expect((await stored('history')).length).toBe(35);
    expect(rung).toEqual(['100']);
    const [open] = await database.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM comments WHERE due_at IS NOT NULL',
    );
    expect(open?.n).toBe(1);
  });

  it('finds a new reply far behind, under an old comment', async () => {
    for (let count = 0; count < 35; count += 1) post.write(String(200 + count), 100 + count);
    await run();
    post.write('300', 5, '234');
    expect(await run()).toMatchObject({ found: 1 });
    expect(await stored('polling')).toContain('300');
  });

  it('reads once what the platform counts and does not list, and says so in the numbers', async () => {
    post.write('100', 30);
    // Its parent is not listed, so it is not, either.
    post.comments.push(incoming('999', { mediaId, parentId: CommentId.parse('998') }));
    expect(await run()).toMatchObject({ read: 1 });
    expect(await run()).toMatchObject({ skipped: 1 });
    const [numbers] = await new PostgresCoverage(database).numbers(new Date(Date.now() - hourMs));
    expect(numbers).toMatchObject({ seenByWebhook: 0, foundByPolling: 1, unexplained: 1, lastEventAt: undefined });
    expect(numbers?.lastLookAt).toBeInstanceOf(Date);
  });

  it('changes nothing when it is done by two at once', async () => {
    for (let count = 0; count < 25; count += 1) post.write(String(200 + count), 100 + count);
    await Promise.all([run(), run(), run()]);
    expect((await stored('polling')).length).toBe(25);
    const [told] = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM decisions');
    expect(told?.n).toBe(25);
  });
});
