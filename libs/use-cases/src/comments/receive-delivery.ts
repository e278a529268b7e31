import { Intake, type StoredDelivery } from '#domain/comments/intake.js';
import { IncomingPace } from '#domain/jobs/incoming-pace.js';
import type { JobRequest } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { Platforms } from '#domain/platforms/platform.js';
import type { CommentId, PlatformId } from '#domain/shared/ids.js';
import type { IncomingComment } from '#domain/comments/comment.js';
import { AppError } from '#domain/shared/errors.js';

export interface ReceivedDelivery {
  readonly platform: PlatformId;
  readonly body: Uint8Array;
  readonly signature: string | readonly string[] | undefined;
  readonly traceId: string;
}

export type ReceiveOutcome =
  | { readonly kind: 'bad-signature' }
  | {
      readonly kind: 'accepted';
      readonly stored: StoredDelivery;
      readonly quarantined: number;
      readonly counted: Readonly<Record<string, number>>;
    };

/** A platform's webhook: acknowledged only after everything in it is durable. Nothing slow happens here. */
export class ReceiveDelivery {
  private toRing: JobRequest[] = [];
  private ringing = false;

  constructor(
    private readonly platforms: Platforms,
    private readonly intake: Intake,
    private readonly jobs: JobQueue,
    private readonly pace: IncomingPace,
  ) {}

  /** @throws AppError 'unavailable' when it could not be stored: the platform sends it again */
  async execute({ platform, body, signature, traceId }: ReceivedDelivery): Promise<ReceiveOutcome> {
    const { webhook } = this.platforms.get(platform);
    if (!webhook) throw new AppError('not-found', `${platform} sends no webhooks`);
    if (!webhook.signedBy(body, signature)) return { kind: 'bad-signature' };

    const parsed = webhook.parse(body);
    const stored = await this.intake.store({ platform, body, traceId, ...parsed });
    // Also for comments we knew: if an earlier delivery was stored and its bell lost, this one rings it.
    if (stored.waiting.length > 0) this.ring(stored.waiting, parsed.comments);
    return { kind: 'accepted', stored, quarantined: parsed.quarantined.length, counted: parsed.counted };
  }

  /**
   * Not awaited: the acknowledgement promises what is stored, and the sweep rings for what was not rung. While one ring is
   * on its way the next gathers, so deliveries that were stored together are rung for together. `ring` does not throw.
   */
  private ring(waiting: readonly CommentId[], comments: readonly IncomingComment[]): void {
    const accounts = new Map(comments.map(({ id, accountId }) => [id, accountId]));
    for (const commentId of waiting) {
      if (!this.pace.allows(accounts.get(commentId))) continue;
      this.toRing.push({ name: 'comments.classify', data: { commentId } });
    }
    if (!this.ringing) void this.ringAll();
  }

  private async ringAll(): Promise<void> {
    this.ringing = true;
    await Promise.resolve(); // those whose storing ended with this one's add theirs first
    while (this.toRing.length > 0) {
      const now = this.toRing;
      this.toRing = [];
      await this.jobs.ring(now);
    }
    this.ringing = false;
  }
}
