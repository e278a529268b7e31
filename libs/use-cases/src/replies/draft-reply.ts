import { Accounts } from '#domain/accounts/accounts.js';
import { topLevelOf, type Comment } from '#domain/comments/comment.js';
import { CommentContexts } from '#domain/comments/comment-contexts.js';
import { Comments } from '#domain/comments/comments.js';
import { decide, type NewDecision } from '#domain/comments/reason-codes.js';
import type { Progress } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { Answering, type Answer, type WrittenAnswer } from '#domain/replies/answering.js';
import { Replies, type Draft } from '#domain/replies/replies.js';
import type { Reply } from '#domain/replies/reply.js';
import type { ReplyId } from '#domain/shared/ids.js';
import { Allowances } from '#domain/work/allowances.js';
import type { Lease } from '#domain/work/lease.js';

/** Only what passes retrieval, model and gate is due to be published; all else is a person's. */
export class DraftReply {
  constructor(
    private readonly replies: Replies,
    private readonly comments: Comments,
    private readonly accounts: Accounts,
    private readonly contexts: CommentContexts,
    private readonly answering: Answering,
    private readonly allowances: Allowances,
    private readonly jobs: JobQueue,
  ) {}

  async execute(id: ReplyId, lease: Lease): Promise<Progress> {
    const reply = await this.replies.find(id);
    if (reply?.state !== 'wanted') return 'nothing-to-do';
    const comment = await this.comments.find(reply.commentId);
    if (!comment) return 'nothing-to-do';
    const context = await this.contexts.of(comment, await this.accounts.get(reply.accountId));
    const answer = await this.answering.answer({ ...context, hint: reply.hint });
    if (answer.kind === 'written') return await this.keep(reply, answer, lease);
    const fallback = answer.kind === 'no-knowledge' || answer.kind === 'abstained' ? answer.fallback : undefined;
    if (fallback && reply.intent === 'auto' && (await this.isFirstFallback(comment))) {
      await this.replies.keepForSending(lease, fallback, decide('fallback-given', { instead: answer.kind }));
      await this.jobs.ring([{ name: 'replies.send', data: { replyId: reply.id } }]);
      return 'advanced';
    }
    // That the money is spent is told once, not of every question.
    const telling = answer.kind !== 'over-budget' && reply.intent === 'auto';
    return await this.leaveToOperator(lease, undefined, [whyNothingIsWritten(answer)], telling);
  }

  /** The thread's earlier turns tell it, too; two comments at once do not know each other's. */
  private async isFirstFallback(comment: Comment): Promise<boolean> {
    const of = `${comment.accountId} ${topLevelOf(comment)}`;
    const taken = await this.allowances.take([{ limit: 'fallbacks-in-thread', of, amount: 1, most: 1 }]);
    return taken.kind === 'granted';
  }

  private async keep(reply: Reply, { draft, cited, findings }: WrittenAnswer, lease: Lease): Promise<Progress> {
    const made = { sources: cited.map(({ title }) => title), model: draft.model, prompt: draft.promptVersion };
    // Where an answer was to be published, nobody has been told yet; where a draft was wanted, the policy said whether to tell.
    const telling = reply.intent === 'auto';
    if (findings.length > 0) {
      const decisions = findings.map(({ reason, found }) => decide(reason, { found }));
      return await this.leaveToOperator(lease, draft, decisions, telling);
    }
    if (reply.intent === 'draft')
      return await this.leaveToOperator(lease, draft, [decide('draft-waits', made)], telling);
    await this.replies.keepForSending(lease, draft, decide('drafted', made));
    await this.jobs.ring([{ name: 'replies.send', data: { replyId: reply.id } }]);
    return 'advanced';
  }

  private async leaveToOperator(
    lease: Lease,
    draft: Draft | undefined,
    decisions: readonly NewDecision[],
    telling: boolean,
  ): Promise<Progress> {
    const alertId = await this.replies.keepForOperator(lease, draft, decisions, telling);
    if (alertId) await this.jobs.ring([{ name: 'notifications.tell', data: { alertId } }]);
    return 'advanced';
  }
}

function whyNothingIsWritten(answer: Exclude<Answer, WrittenAnswer>): NewDecision {
  switch (answer.kind) {
    case 'forbidden-topic':
      return decide('topic-forbidden', { topic: answer.topic });
    case 'no-knowledge':
      return decide('no-knowledge');
    case 'over-budget':
      return decide('answer-over-budget', { whose: answer.whose });
    case 'abstained':
      return decide('model-abstained', { found: answer.passages.map(({ title }) => title) });
    case 'refused':
      return decide('model-refused', { why: answer.detail });
    case 'unreadable':
      return decide('answer-unreadable', { why: answer.detail });
  }
}
