import type { Account } from '#domain/accounts/account.js';
import { Accounts } from '#domain/accounts/accounts.js';
import type { IncomingComment } from '#domain/comments/comment.js';
import { Intake, type Delivery } from '#domain/comments/intake.js';
import { Coverage, type Look, type MediaKnowledge } from '#domain/coverage/coverage.js';
import { coverageRules, isCovered, missingSince, sourceOf } from '#domain/coverage/coverage-rules.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { Platforms, type CommentListing, type CommentPage, type ListedMedia } from '#domain/platforms/platform.js';
import { Clock } from '#domain/shared/clock.js';
import { kindOf } from '#domain/shared/errors.js';
import type { MediaId } from '#domain/shared/ids.js';

export interface CoverageRun {
  accounts: number;
  /** Posts that were read, and posts of which nothing new can be there. */
  read: number;
  skipped: number;
  /** Comments that no webhook brought. */
  found: number;
  /** Comments from before the account was connected, or too old to answer. */
  imported: number;
  /** Posts whose first reading goes on in the next run. */
  unfinished: number;
}

export interface CoverageOptions {
  /** How long a comment is left to its webhook. */
  readonly graceMs: number;
  /** No new page is begun after so long. */
  readonly withinMs: number;
}

/** One post that is being looked at. */
interface Reading {
  readonly account: Account;
  readonly listing: CommentListing;
  readonly media: ListedMedia;
  readonly knowledge: MediaKnowledge;
  readonly connectedAt: Date;
  readonly graceMs: number;
  readonly endAt: number;
}

/** What became of the comments of one page. */
interface Kept {
  readonly stored: number;
  readonly young: number;
}

/**
 * Finds the comments that no webhook told about, by reading what stands under the posts, and stores them the way a
 * webhook's are stored: the same deduplication, the same echoes, one answer. What was there before the account was
 * connected is kept as history. Safe to run at any time, by many, and to die anywhere: what was not noted is read again.
 */
export class ReconcileCoverage {
  constructor(
    private readonly platforms: Platforms,
    private readonly accounts: Accounts,
    private readonly coverage: Coverage,
    private readonly intake: Intake,
    private readonly jobs: JobQueue,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError when platform or database cannot go on now; what was found until then is stored */
  async execute({ graceMs, withinMs }: CoverageOptions): Promise<CoverageRun> {
    const run: CoverageRun = { accounts: 0, read: 0, skipped: 0, found: 0, imported: 0, unfinished: 0 };
    const endAt = this.clock.elapsedMs() + withinMs;
    const failures: unknown[] = [];
    for (const account of await this.accounts.all()) {
      const { listing } = this.platforms.get(account.platform);
      if (!listing) continue;
      run.accounts += 1;
      try {
        const connectedAt = await this.coverage.connectedAt(account.id);
        for (const [media, knowledge] of await this.posts(account, listing)) {
          if (isCovered(media, knowledge, this.clock.now())) run.skipped += 1;
          else await this.look({ account, listing, media, knowledge, connectedAt, graceMs, endAt }, run);
        }
      } catch (error) {
        failures.push(error); // one account's dead access is no reason to forget the others
      }
    }
    if (failures.length > 0) throw failures[0];
    return run;
  }

  /** The last one commented on first: when the platform's limit ends a run, it ends where least is going on. */
  private async posts(account: Account, listing: CommentListing): Promise<[ListedMedia, MediaKnowledge][]> {
    const since = new Date(this.clock.now().getTime() - coverageRules.mediaNotOlderThanMs);
    const limit = coverageRules.mediaAtMost;
    const media = await listing.recentMedia({ accountId: account.id, since, limit });
    const known = await this.coverage.of(media.map(({ id }) => id));
    const nothing: MediaKnowledge = { known: 0, lastCameAt: undefined, lastLook: undefined };
    const cameAt = (id: MediaId): number => known.get(id)?.lastCameAt?.getTime() ?? 0;
    return media
      .toSorted((one, other) => cameAt(other.id) - cameAt(one.id))
      .map((one) => [one, known.get(one.id) ?? nothing]);
  }

  private async look(reading: Reading, run: CoverageRun): Promise<void> {
    if (this.clock.elapsedMs() > reading.endAt) {
      run.unfinished += 1;
      return;
    }
    try {
      await this.read(reading, run);
      run.read += 1;
    } catch (error) {
      const kind = kindOf(error);
      if (kind === 'gone') return; // deleted since it was listed
      // A cursor that the platform no longer takes: the next run begins this post anew.
      if (kind === 'rejected' && reading.knowledge.lastLook?.continueAt !== undefined) {
        await this.note(reading, { whole: false, continueAt: undefined, stored: 0, young: 0 });
      }
      throw error;
    }
  }

  private async read(reading: Reading, run: CoverageRun): Promise<void> {
    const { account, listing, media, knowledge } = reading;
    const { lastLook } = knowledge;
    const first = !lastLook?.whole;
    const since = first ? undefined : new Date(lastLook.at.getTime() - reading.graceMs - coverageRules.overlapMs);
    const wanted = missingSince(media, knowledge);
    let after = first ? lastLook?.continueAt : undefined;
    let [stored, young] = [0, 0];
    for (let pages = 1; ; pages += 1) {
      const page = await listing.page({ accountId: account.id, media, after });
      const kept = await this.keep(page, reading, run);
      stored += kept.stored;
      young += kept.young;
      after = page.next;
      if (after === undefined) break;
      if (first) {
        await this.note(reading, { whole: false, continueAt: after, stored, young });
        if (this.clock.elapsedMs() <= reading.endAt) continue;
        run.unfinished += 1;
        return;
      }
      const readFarEnough = since !== undefined && page.reachesBackTo !== undefined && page.reachesBackTo < since;
      // A new reply under an old comment stands far behind: as long as something is missing, we go on looking.
      if (readFarEnough && stored + young >= wanted) break;
      if (pages >= coverageRules.pagesPerLook || this.clock.elapsedMs() > reading.endAt) break;
    }
    await this.note(reading, { whole: true, continueAt: undefined, stored, young });
  }

  private async keep(page: CommentPage, reading: Reading, run: CoverageRun): Promise<Kept> {
    const missing = await this.coverage.missing(page.comments.map(({ id }) => id));
    const now = this.clock.now();
    const found: Record<'polling' | 'history', IncomingComment[]> = { polling: [], history: [] };
    let young = 0;
    for (const comment of page.comments.filter(({ id }) => missing.has(id))) {
      const source = sourceOf(comment, { now, connectedAt: reading.connectedAt, graceMs: reading.graceMs });
      if (source) found[source].push(comment);
      else young += 1;
    }
    await this.store(page, reading, 'polling', found.polling);
    // What could not be read on the page is kept aside once.
    const rest = found.polling.length === 0 ? page : { ...page, quarantined: [] };
    await this.store(rest, reading, 'history', found.history);
    run.found += found.polling.length;
    run.imported += found.history.length;
    return { stored: found.polling.length + found.history.length, young };
  }

  private async store(
    { body, quarantined }: CommentPage,
    { account }: Reading,
    source: NonNullable<Delivery['source']>,
    comments: readonly IncomingComment[],
  ): Promise<void> {
    if (comments.length === 0) return;
    const traceId = crypto.randomUUID();
    const { platform } = account;
    const { waiting } = await this.intake.store({
      platform,
      body,
      traceId,
      source,
      comments,
      quarantined,
      counted: {},
    });
    await this.jobs.ring(waiting.map((commentId) => ({ name: 'comments.classify', data: { commentId } })));
  }

  private async note(
    { account, media, knowledge }: Reading,
    { whole, continueAt, stored, young }: Pick<Look, 'whole' | 'continueAt'> & Kept,
  ): Promise<void> {
    // What is left to its webhook counts as known: it is missing again at the next look, should it not have come.
    const known = knowledge.known + stored + young;
    await this.coverage.remember(account.id, media.id, {
      counted: media.comments,
      known,
      unexplained: Math.max(0, media.comments - known),
      whole,
      continueAt,
      at: this.clock.now(),
    });
  }
}
