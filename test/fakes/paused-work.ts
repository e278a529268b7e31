import type { ReasonCode } from '#domain/comments/reason-codes.js';
import type { CommentId } from '#domain/shared/ids.js';
import type { WorkRef } from '#domain/work/lease.js';
import type { Pause } from '#domain/work/pauses.js';
import type { InMemoryPauses } from './in-memory-pauses.js';
import type { Tables } from './in-memory-rows.js';
import type { VirtualClock } from './virtual-clock.js';

interface LedgerLine {
  readonly commentId: CommentId;
  readonly reason: ReasonCode;
  readonly at: number;
}

/** Which rows a pause holds back as they stand. */
export class PausedWork {
  constructor(
    private readonly tables: Tables,
    private readonly pauses: InMemoryPauses,
    private readonly clock: VirtualClock,
  ) {}

  isDue(ref: WorkRef): boolean {
    return (this.tables.rowOf(ref)?.dueAt ?? Number.POSITIVE_INFINITY) <= this.clock.ms;
  }

  isPaused(ref: WorkRef): boolean {
    return this.pausesOf(ref).length > 0;
  }

  /** Comments that wait for a resume and whose ledger does not say so since the pause began. */
  untold(ledger: readonly LedgerLine[]): readonly CommentId[] {
    const waiting = this.tables
      .refs()
      .filter((ref) => this.isDue(ref))
      .flatMap((ref) => this.untoldOf(ref, ledger));
    return [...new Set(waiting)];
  }

  private untoldOf(ref: WorkRef, ledger: readonly LedgerLine[]): readonly CommentId[] {
    const id = this.tables.commentIdOf(ref);
    const told = ledger.filter(({ commentId, reason }) => commentId === id && reason === 'waits-for-resume');
    return this.pausesOf(ref).some((pause) => told.every(({ at }) => at < pause.at.getTime())) ? [id] : [];
  }

  private pausesOf(ref: WorkRef): readonly Pause[] {
    const stage = this.tables.stageOf(ref);
    const shown = ref.kind === 'moderation' || (ref.kind === 'reply' && stage !== 'wanted');
    const comment = shown ? this.tables.comments.get(this.tables.commentIdOf(ref))?.comment : undefined;
    if (!comment) return [];
    const looking = stage === 'sending' || stage === 'unknown';
    const pauses = this.pauses.holdingBack(comment.accountId, comment.mediaId);
    return pauses.filter(({ why }) => !looking || why === 'disconnected');
  }
}
