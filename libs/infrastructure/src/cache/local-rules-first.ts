import { LRUCache } from 'lru-cache';
import { verdictIsReusedForMs } from '#domain/comments/alike.js';
import type { Classification, CommentClassifier, CommentContext } from '#domain/comments/comment-classifier.js';
import type { LocalRuleChoices } from '#domain/comments/local-rule-choices.js';
import { decideLocally, type LocalRule } from '#domain/comments/local-rules.js';
import type { CommentId } from '#domain/shared/ids.js';
import type { Verdict } from '#domain/comments/verdict.js';

interface Before {
  readonly of: CommentId;
  readonly verdict: Verdict;
}

/** Some hundred bytes each. */
const mostRemembered = 5_000;

/**
 * Comments that words alone decide are not shown to anybody (CL-4). What the author said before in the same thread is what
 * this process has seen: with several workers a repeat is noticed later, never too early.
 */
export class LocalRulesFirst implements CommentClassifier {
  readonly #before: LRUCache<string, Before>;

  /**
   * @param counted hears which rule decided
   * @param elapsedMs a clock that only goes forward
   */
  constructor(
    private readonly choices: Pick<LocalRuleChoices, 'off'>,
    private readonly classifier: CommentClassifier,
    private readonly counted: (rule: LocalRule) => void,
    elapsedMs: () => number = () => performance.now(),
  ) {
    this.#before = new LRUCache({
      max: mostRemembered,
      ttl: verdictIsReusedForMs,
      ttlResolution: 0,
      perf: { now: elapsedMs },
    });
  }

  async classify(context: CommentContext): Promise<Classification> {
    const { comment, brand } = context;
    const said = wordsInThread(context);
    const before = said === undefined ? undefined : this.#before.get(said);
    const decided = decideLocally({
      text: comment.text,
      brand: brand.username,
      // The same comment again is a second try of the same work.
      before: before?.of === comment.id ? undefined : before?.verdict,
      off: await this.choices.off(comment.accountId),
    });
    if (decided) {
      this.counted(decided.rule);
      return { kind: 'verdict', verdict: decided.verdict, repaired: false, locally: decided.rule };
    }
    const classification = await this.classifier.classify(context);
    if (said !== undefined && classification.kind === 'verdict') {
      this.#before.set(said, { of: comment.id, verdict: classification.verdict });
    }
    return classification;
  }
}

/** Who said what in which thread; undefined outside of threads, and for an author without a name. */
function wordsInThread({ comment, thread }: CommentContext): string | undefined {
  const author = comment.authorId ?? comment.username;
  if (comment.parentId === undefined || author === undefined) return undefined;
  // Behind a new answer of ours the same words may mean something else.
  const answers = thread.filter(({ by }) => by === 'brand').length;
  return JSON.stringify([comment.accountId, comment.parentId, author, answers, comment.text.trim()]);
}
