import { Accounts } from '#domain/accounts/accounts.js';
import type { Comment, ThreadEntry } from '#domain/comments/comment.js';
import { CommentContexts } from '#domain/comments/comment-contexts.js';
import { Comments } from '#domain/comments/comments.js';
import { decide, type NewDecision } from '#domain/comments/reason-codes.js';
import type { Progress } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import type { Passage } from '#domain/knowledge/document.js';
import { Knowledge } from '#domain/knowledge/knowledge.js';
import { checkReply } from '#domain/replies/reply-rules.js';
import { Replies, type Draft } from '#domain/replies/replies.js';
import type { Reply } from '#domain/replies/reply.js';
import { ReplyWriter, type Writing } from '#domain/replies/reply-writer.js';
import type { ReplyId } from '#domain/shared/ids.js';
import type { Lease } from '#domain/work/lease.js';

/** Passages shown to the model: more of them blur the answer and cost tokens. */
const passagesPerQuestion = 6;

const withoutDraft: Readonly<Record<Exclude<Writing['kind'], 'written' | 'over-budget'>, NewDecision['reason']>> = {
  abstained: 'model-abstained',
  refused: 'model-refused',
  unreadable: 'answer-unreadable',
};

/** Retrieval first, answer second, gate third. Only what passes all of them is due to be published. */
export class DraftReply {
  constructor(
    private readonly replies: Replies,
    private readonly comments: Comments,
    private readonly accounts: Accounts,
    private readonly contexts: CommentContexts,
    private readonly knowledge: Knowledge,
    private readonly writer: ReplyWriter,
    private readonly jobs: JobQueue,
  ) {}

  async execute(id: ReplyId, lease: Lease): Promise<Progress> {
    const reply = await this.replies.find(id);
    if (reply?.state !== 'wanted') return 'nothing-to-do';
    const comment = await this.comments.find(reply.commentId);
    if (!comment) return 'nothing-to-do';
    const context = await this.contexts.of(comment, await this.accounts.get(reply.accountId));
    const question = questionOf(comment, context.thread);
    const passages = await this.knowledge.search(reply.accountId, question, passagesPerQuestion);
    if (passages.length === 0) return await this.leaveToOperator(reply, lease, undefined, [decide('no-knowledge')]);

    const writing = await this.writer.write({ ...context, passages });
    if (writing.kind === 'over-budget') {
      // That the money is spent is told once, not of every question.
      const { whose } = writing;
      await this.replies.keepForOperator(lease, undefined, [decide('answer-over-budget', { whose })], false);
      return 'advanced';
    }
    if (writing.kind !== 'written') {
      const detail =
        writing.kind === 'abstained' ? { found: passages.map(({ title }) => title) } : { why: writing.detail };
      return await this.leaveToOperator(reply, lease, undefined, [decide(withoutDraft[writing.kind], detail)]);
    }
    return await this.judge(reply, comment, writing, passages, lease);
  }

  private async judge(
    reply: Reply,
    comment: Comment,
    { draft, instructions }: Extract<Writing, { kind: 'written' }>,
    passages: readonly Passage[],
    lease: Lease,
  ): Promise<Progress> {
    const cited = passages.filter((passage) => draft.sources.includes(passage.id));
    const findings = checkReply({
      text: draft.text,
      sources: cited.map(({ title, heading, text }) => [title, heading, text].join('\n')),
      question: comment.text,
      instructions,
    });
    const made = { sources: cited.map(({ title }) => title), model: draft.model, prompt: draft.promptVersion };
    if (findings.length > 0) {
      const decisions = findings.map(({ reason, found }) => decide(reason, { found }));
      return await this.leaveToOperator(reply, lease, draft, decisions);
    }
    if (reply.intent === 'draft') return await this.leaveToOperator(reply, lease, draft, [decide('draft-waits', made)]);
    await this.replies.keepForSending(lease, draft, decide('drafted', made));
    await this.jobs.ring([{ name: 'replies.send', data: { replyId: reply.id } }]);
    return 'advanced';
  }

  private async leaveToOperator(
    reply: Reply,
    lease: Lease,
    draft: Draft | undefined,
    decisions: readonly NewDecision[],
  ): Promise<Progress> {
    // Where an answer was to be published, nobody has been told yet; where a draft was wanted, the policy said whether to tell.
    const alertId = await this.replies.keepForOperator(lease, draft, decisions, reply.intent === 'auto');
    if (alertId) await this.jobs.ring([{ name: 'notifications.tell', data: { alertId } }]);
    return 'advanced';
  }
}

/** "And shipping?" is found through what the customer asked before. */
function questionOf(comment: Comment, thread: readonly ThreadEntry[]): string {
  const before = thread.findLast((entry) => entry.by === 'customer');
  return before ? `${comment.text}\n${before.text}` : comment.text;
}
