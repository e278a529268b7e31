import { AppError } from '../shared/errors.js';
import { problemsOf, promptTasks, type Prompt, type PromptTask } from './prompt.js';

/** The versions that this program holds. */
export class PromptLibrary {
  /**
   * @param usual the version of each task that is used while nobody has chosen one
   * @throws Error naming every prompt that cannot be used: the program does not start with it
   */
  constructor(
    private readonly prompts: readonly Prompt[],
    private readonly usual: Readonly<Record<PromptTask, number>>,
  ) {
    const names = prompts.map(({ task, version }) => `${task}@${version}`);
    const problems = [
      ...prompts.flatMap(problemsOf),
      ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is there twice`),
      ...promptTasks.filter((task) => !this.find(task, usual[task])).map((task) => `${task}@${usual[task]} is missing`),
    ];
    if (problems.length > 0) throw new Error(`Prompts cannot be used: ${problems.join('; ')}`);
  }

  find(task: PromptTask, version: number): Prompt | undefined {
    return this.prompts.find((prompt) => prompt.task === task && prompt.version === version);
  }

  /** @throws AppError 'invalid' naming those that there are */
  get(task: PromptTask, version: number): Prompt {
    const found = this.find(task, version);
    if (found) return found;
    const known = this.versionsOf(task).join(', ');
    throw new AppError('invalid', `This program holds no version ${version} of ${task}; it holds ${known}.`);
  }

  /** Oldest first. */
  versionsOf(task: PromptTask): readonly number[] {
    return this.prompts
      .flatMap((prompt) => (prompt.task === task ? [prompt.version] : []))
      .toSorted((one, other) => one - other);
  }

  usualOf(task: PromptTask): Prompt {
    return this.get(task, this.usual[task]);
  }
}
