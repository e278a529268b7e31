import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { holdsForOthers, likenessOf } from '#domain/comments/alike.js';
import type { Classification, CommentClassifier, CommentContext } from '#domain/comments/comment-classifier.js';
import type { Verdict } from '#domain/comments/verdict.js';

/** Verdicts of the last hour, by the likeness they were stored with. */
export interface StoredVerdicts {
  /** @throws AppError 'unavailable' */
  find(likeness: string): Promise<Verdict | undefined>;
}

/** From the first call until its verdict can be found in the database, with room, in milliseconds. */
const underWayForMs = 60_000;
const mostUnderWay = 1_000;
/** 128 bits: nobody finds two texts that share one. */
const likenessBytes = 16;

/**
 * Equal comments are classified once (CL-4): those that come while the first is with the model wait for its answer, later
 * ones find it in the database. No lock: a process that dies leaves nothing behind but a call that is made again.
 */
export class OncePerText implements CommentClassifier {
  readonly #underWay = new LRUCache<string, Promise<Classification>>({ max: mostUnderWay, ttl: underWayForMs });

  /** @param madeWith what a verdict depends on besides the comment: model and version of the prompt */
  constructor(
    private readonly model: CommentClassifier,
    private readonly stored: StoredVerdicts,
    private readonly madeWith: (context: CommentContext) => string,
  ) {}

  async classify(context: CommentContext): Promise<Classification> {
    const words = likenessOf(context);
    if (words === undefined) return await this.model.classify(context);
    const digest = createHash('sha256')
      .update(JSON.stringify([this.madeWith(context), words]))
      .digest();
    const likeness = digest.subarray(0, likenessBytes).toString('base64url');
    const underWay = this.#underWay.get(likeness);
    if (!underWay) return await this.#decide(likeness, context);
    const decided = await underWay;
    // What the model did not understand or would not say of one, it is asked again for the other.
    return isForAll(decided) ? asBefore(decided.verdict) : await this.model.classify(context);
  }

  async #decide(likeness: string, context: CommentContext): Promise<Classification> {
    const deciding = this.#ask(likeness, context);
    this.#underWay.set(likeness, deciding);
    try {
      const decided = await deciding;
      if (!isForAll(decided)) this.#underWay.delete(likeness);
      return decided;
    } catch (error) {
      this.#underWay.delete(likeness);
      throw error;
    }
  }

  async #ask(likeness: string, context: CommentContext): Promise<Classification> {
    const before = await this.stored.find(likeness);
    if (before) return asBefore(before);
    const decided = await this.model.classify(context);
    if (decided.kind !== 'verdict' || !holdsForOthers(decided.verdict, context.comment)) return decided;
    return { ...decided, verdict: { ...decided.verdict, likeness } };
  }
}

function isForAll(decided: Classification): decided is Extract<Classification, { kind: 'verdict' }> {
  return decided.kind === 'verdict' && (decided.takenOver === true || decided.verdict.likeness !== undefined);
}

/** Without the likeness: an hour after the model's own verdict it is asked anew, however many took it over. */
function asBefore({ class: name, confidence, reason, language, model, promptVersion }: Verdict): Classification {
  const verdict = { class: name, confidence, reason, language, model, promptVersion };
  return { kind: 'verdict', verdict, repaired: false, takenOver: true };
}
