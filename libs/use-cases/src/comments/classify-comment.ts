import { Accounts } from '#domain/accounts/accounts.js';
import { CommentClassifier, type Classification, type CommentContext } from '#domain/comments/comment-classifier.js';
import { CommentContexts } from '#domain/comments/comment-contexts.js';
import { Comments } from '#domain/comments/comments.js';
import { decide, type NewDecision, type ReasonCode } from '#domain/comments/reason-codes.js';
import { distrusted, triage, type Plan } from '#domain/comments/triage.js';
import type { Verdict } from '#domain/comments/verdict.js';
import { jobFor, type Progress } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { givesOrders } from '#domain/knowledge/planted-orders.js';
import { Rulings } from '#domain/policies/rulings.js';
import type { CommentId } from '#domain/shared/ids.js';
import type { BudgetOwner } from '#domain/spending/budget.js';
import type { Lease } from '#domain/work/lease.js';
import { Leases } from '#domain/work/leases.js';

const parkedBecause: Readonly<Record<Exclude<Classification['kind'], 'verdict' | 'over-budget'>, ReasonCode>> = {
  refused: 'parked-model-refusal',
  unreadable: 'parked-model-output',
};

function howUnderstood({ locally, takenOver, repaired }: Extract<Classification, { kind: 'verdict' }>): ReasonCode {
  if (locally) return 'classified-locally';
  if (takenOver) return 'classified-as-before';
  return repaired ? 'classified-after-repair' : 'classified';
}

/** Whether anything that the model is shown of the comment speaks to it. */
function isTold({ comment, media, thread }: CommentContext): boolean {
  const texts = [comment.text, comment.username, media?.caption, media?.understanding];
  return [...texts, ...thread.map(({ text }) => text)].some((text) => text !== undefined && givesOrders(text));
}

/** Understands one comment and commits what follows from it. */
export class ClassifyComment {
  constructor(
    private readonly comments: Comments,
    private readonly accounts: Accounts,
    private readonly rulings: Rulings,
    private readonly contexts: CommentContexts,
    private readonly classifier: CommentClassifier,
    private readonly leases: Leases,
    private readonly jobs: JobQueue,
  ) {}

  async execute(id: CommentId, lease: Lease): Promise<Progress> {
    const comment = await this.comments.find(id);
    if (comment?.stage !== 'received') return 'nothing-to-do';
    const account = await this.accounts.get(comment.accountId);
    const ruling = await this.rulings.about(comment);
    if (ruling.kind === 'by-rule') return await this.follow(lease, undefined, ruling.plan, []);
    const context = await this.contexts.of(comment, account);
    const classification = await this.classifier.classify(context);
    if (classification.kind === 'over-budget') return await this.leaveToPerson(lease, classification.whose);
    if (classification.kind !== 'verdict') {
      await this.leases.park(lease, parkedBecause[classification.kind], classification.detail);
      return 'advanced';
    }
    const { verdict } = classification;
    const wanted = triage(ruling.circumstances, verdict, ruling.policy);
    // Rules of ours take no orders.
    const plan = classification.locally === undefined && isTold(context) ? distrusted(wanted) : wanted;
    const understood = decide(howUnderstood(classification), {
      class: verdict.class,
      confidence: verdict.confidence,
      why: verdict.reason,
      language: verdict.language,
      model: verdict.model,
      prompt: verdict.promptVersion,
      ...(classification.locally && { rule: classification.locally }),
      ...ruling.basis,
    });
    return await this.follow(lease, verdict, plan, [understood, ...ruling.decisions]);
  }

  private async follow(
    lease: Lease,
    verdict: Verdict | undefined,
    plan: Plan,
    before: readonly NewDecision[],
  ): Promise<Progress> {
    const due = await this.comments.recordVerdict(lease, verdict, plan, [...before, ...plan.decisions]);
    await this.jobs.ring(due.flatMap(({ ref, stage }) => jobFor(ref, stage) ?? []));
    return 'advanced';
  }

  /** Nobody is told of each: that the money is spent is told once. */
  private async leaveToPerson(lease: Lease, whose: BudgetOwner): Promise<Progress> {
    const decisions = [decide(whose === 'account' ? 'over-budget-account' : 'over-budget-author')];
    return await this.follow(lease, undefined, { reply: 'person', hide: 'none', alert: false, decisions }, []);
  }
}
