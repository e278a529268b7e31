import { Intake, type StoredDelivery } from '#domain/comments/intake.js';
import { IncomingPace } from '#domain/jobs/incoming-pace.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { Platforms } from '#domain/platforms/platform.js';
import { type PlatformId } from '#domain/shared/ids.js';
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
    const accounts = new Map(parsed.comments.map(({ id, accountId }) => [id, accountId]));
    const now = stored.waiting.filter((id) => this.pace.allows(accounts.get(id)));
    await this.jobs.ring(now.map((commentId) => ({ name: 'comments.classify', data: { commentId } })));
    return { kind: 'accepted', stored, quarantined: parsed.quarantined.length, counted: parsed.counted };
  }
}
