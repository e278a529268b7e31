import type { Classification, CommentClassifier, CommentContext } from '#domain/comments/comment-classifier.js';
import type { PostSight } from '#domain/media/post-sight.js';

/** Shows the model what can be seen in the post. Comments that are decided without a model do not wait for it. */
export class WithPostSight implements CommentClassifier {
  constructor(
    private readonly sight: Pick<PostSight, 'withSight'>,
    private readonly classifier: CommentClassifier,
  ) {}

  async classify(context: CommentContext): Promise<Classification> {
    const media = context.media && (await this.sight.withSight(context.media));
    return await this.classifier.classify({ ...context, media });
  }
}
