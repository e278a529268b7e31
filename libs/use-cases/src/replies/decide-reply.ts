import { Accounts } from '#domain/accounts/accounts.js';
import type { Comment } from '#domain/comments/comment.js';
import { Comments } from '#domain/comments/comments.js';
import { liveKind } from '#domain/comments/triage.js';
import { jobFor } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { Knowledge } from '#domain/knowledge/knowledge.js';
import { Platforms } from '#domain/platforms/platform.js';
import { Takeovers } from '#domain/policies/takeovers.js';
import { passagesPerQuestion } from '#domain/replies/answering.js';
import {
  OperatorReplies,
  type Carried,
  type ReplyAction,
  type ReplyWish,
  type StandingReply,
} from '#domain/replies/operator-replies.js';
import { wordsOfPerson } from '#domain/replies/persons-words.js';
import type { GateFinding } from '#domain/replies/gate/check-reply.js';
import { AppError } from '#domain/shared/errors.js';
import type { ReplyId } from '#domain/shared/ids.js';

type Unchecked<Wish extends ReplyWish> = Omit<Wish, 'overruled'> & {
  /** What the gate finds in the words is meant so. */
  readonly overrule: boolean;
};

/** As a person asks for it: of their own words nobody knows yet what the gate finds in them. */
export type DecisionRequest =
  | Exclude<ReplyWish, { readonly text: string }>
  | Unchecked<Extract<ReplyWish, { action: 'edit' }>>
  | Unchecked<Extract<ReplyWish, { action: 'replace' }>>
  | Unchecked<Extract<ReplyWish, { action: 'write' }>>;

const publishing: ReadonlySet<ReplyAction> = new Set(['approve', 'edit', 'write', 'replace']);
/** Nothing that customers see changes by the others: the bot goes on in the thread. */
const takingOver: ReadonlySet<ReplyAction> = new Set([...publishing, 'delete']);

/**
 * A person decides about a reply. Stored here, done by the workers as for every other reply; safe to repeat.
 */
export class DecideReply {
  constructor(
    private readonly comments: Comments,
    private readonly accounts: Accounts,
    private readonly platforms: Platforms,
    private readonly knowledge: Knowledge,
    private readonly replies: OperatorReplies,
    private readonly takeovers: Takeovers,
    private readonly jobs: JobQueue,
  ) {}

  /** @throws AppError 'not-found' | 'invalid' | 'conflict', with what stands there now */
  async execute(request: DecisionRequest): Promise<StandingReply> {
    const comment = await this.commentOf(request);
    const wish = await this.wishOf(request, comment);
    const refused = await this.replies.foresee(comment.id, wish);
    if (refused) throw conflict(refused);
    await this.refuseImpossible(wish, comment);
    // A person acts here: from now on the bot does not. What the person wants is not held back by it.
    if (takingOver.has(wish.action)) await this.takeovers.takeThread(comment.id);
    const carried = await this.replies.carryOut(comment.id, wish);
    if (carried.kind === 'refused') throw conflict(carried);
    const { reply } = carried;
    const job = jobFor({ kind: 'reply', id: reply.id }, reply.state);
    if (job) await this.jobs.ring([job]);
    return reply;
  }

  private async commentOf(request: DecisionRequest): Promise<Comment> {
    const id = 'commentId' in request ? request.commentId : (await this.replies.find(request.replyId))?.commentId;
    if (id === undefined) throw new AppError('not-found', 'There is no reply with this id.');
    const comment = await this.comments.find(id);
    if (!comment) throw new AppError('not-found', 'There is no comment with this id.');
    return comment;
  }

  private async wishOf(request: DecisionRequest, comment: Comment): Promise<ReplyWish> {
    if (!('overrule' in request)) return request;
    const { overrule, ...wish } = request;
    const { text, warnings } = await this.checked(request.text, comment);
    if (warnings.length > 0 && !overrule) {
      const errors = warnings.map(({ reason, found }) => `${reason}: ${found}`);
      const what = 'The check found something in these words. If they are meant so, send them with "overrule": true.';
      throw new AppError('invalid', what, { shown: { errors } });
    }
    return { ...wish, text, overruled: warnings };
  }

  /** @throws AppError 'invalid' for what nobody may publish */
  private async checked(given: string, comment: Comment): Promise<{ text: string; warnings: readonly GateFinding[] }> {
    // What the brand has put into its documents is known of; whatever else a person claims, the person is asked about.
    const passages = await this.knowledge.search(comment.accountId, `${comment.text}\n${given}`, passagesPerQuestion);
    const sources = passages.map((passage) => [passage.title, passage.heading, passage.text].join('\n'));
    const { text, refused, warnings } = wordsOfPerson(given, sources, comment.text);
    if (refused !== undefined) throw new AppError('invalid', refused);
    return { text, warnings };
  }

  private async refuseImpossible(wish: ReplyWish, comment: Comment): Promise<void> {
    if (comment.outcome === 'own') throw new AppError('invalid', 'This is a comment of our own.');
    if (publishing.has(wish.action)) {
      if (comment.hidden) {
        const what = 'The comment is hidden: show it again first, or write its author a private reply.';
        throw new AppError('invalid', what);
      }
      if (comment.mediaKind === liveKind) {
        throw new AppError('invalid', 'The comment was written in a live broadcast: no public reply is possible.');
      }
    }
    if (wish.action === 'approve') await this.refuseUnpublishable(wish.replyId);
    if (wish.action !== 'replace' && wish.action !== 'delete') return;
    const { platform } = await this.accounts.get(comment.accountId);
    if (!this.platforms.get(platform).moderation.delete) {
      throw new AppError('invalid', 'This platform does not let replies be deleted.');
    }
  }

  /** A draft may be kept for a person because of what nobody may publish. */
  private async refuseUnpublishable(id: ReplyId): Promise<void> {
    const draft = (await this.replies.find(id))?.text ?? '';
    const { refused } = wordsOfPerson(draft, [], draft);
    if (refused !== undefined) throw new AppError('invalid', `${refused} Edit the draft.`);
  }
}

function conflict({ why, now }: Extract<Carried, { kind: 'refused' }>): AppError {
  if (!now) return new AppError('conflict', why);
  const { id, state, revision, text } = now;
  return new AppError('conflict', why, { shown: { current: { id, state, revision, text: text ?? null } } });
}
