import { Comments } from '#domain/comments/comments.js';
import { Corrections, type CorrectedComment } from '#domain/comments/corrections.js';
import { classNamed } from '#domain/comments/verdict.js';
import { AppError } from '#domain/shared/errors.js';
import type { CommentId } from '#domain/shared/ids.js';
import { storableText } from '#domain/shared/text.js';

export interface VerdictCorrection {
  readonly commentId: CommentId;
  /** Its name, its label or its code, as a number or as text. */
  readonly class: string | number;
  readonly reason: string;
  readonly by: string;
}

/**
 * A person says what a comment is (CL-7). Nothing follows from it by itself: what was sent or hidden because of the
 * former verdict is undone, and what is missing is done, by wishes of their own.
 */
export class CorrectVerdict {
  constructor(
    private readonly comments: Comments,
    private readonly corrections: Corrections,
  ) {}

  /** @throws AppError 'not-found' | 'invalid' | 'conflict' while nobody has tried to understand it yet */
  async execute({ commentId, class: given, reason, by }: VerdictCorrection): Promise<CorrectedComment> {
    const to = classNamed(given);
    if (to === undefined) throw new AppError('invalid', 'There is no such class: name one of the seven, or its code.');
    const why = storableText(reason).trim();
    if (why === '') throw new AppError('invalid', 'A correction needs a reason.');
    const comment = await this.comments.find(commentId);
    if (!comment) throw new AppError('not-found', 'There is no comment with this id.');
    if (comment.outcome === 'own') throw new AppError('invalid', 'This is a comment of our own.');
    return await this.corrections.correct({ commentId, to, reason: why, by });
  }
}
