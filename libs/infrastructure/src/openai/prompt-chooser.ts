import type { Logger } from 'pino';
import type { Classification, CommentClassifier, CommentContext } from '#domain/comments/comment-classifier.js';
import type { Comment } from '#domain/comments/comment.js';
import { versionFor, type Prompt, type PromptTask } from '#domain/prompts/prompt.js';
import type { PromptChoices } from '#domain/prompts/prompt-choices.js';
import type { PromptLibrary } from '#domain/prompts/prompt-library.js';

/** Which instructions a comment is worked on with: the active version, or for a share of the comments the one on trial. */
export class PromptChooser {
  /** Said once per process: a deploy passes, and a line per comment helps nobody. */
  readonly #warned = new Set<string>();

  constructor(
    private readonly library: PromptLibrary,
    private readonly choices: Pick<PromptChoices, 'inForce'>,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  /** @throws AppError 'unavailable' */
  async choose(task: PromptTask, { id, accountId }: Pick<Comment, 'id' | 'accountId'>): Promise<Prompt> {
    const choice = await this.choices.inForce(task, accountId);
    const usual = this.library.usualOf(task);
    const { version, unknown } = versionFor(choice, this.library.versionsOf(task), usual.version, id);
    for (const missing of unknown) this.#warn(task, missing, version);
    return this.library.get(task, version);
  }

  #warn(task: PromptTask, missing: number, used: number): void {
    const key = `${task}@${missing}`;
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    this.logger.warn({ task, missing, used }, 'A version of a prompt is chosen that this program does not hold.');
  }
}

/** Chooses once per comment, before verdicts are looked up: what is looked up and what is asked are the same version. */
export class WithChosenPrompt implements CommentClassifier {
  constructor(
    private readonly chooser: PromptChooser,
    private readonly classifier: CommentClassifier,
  ) {}

  async classify(context: CommentContext): Promise<Classification> {
    const prompt = context.prompt ?? (await this.chooser.choose('classify-comment', context.comment));
    return await this.classifier.classify({ ...context, prompt });
  }
}
