import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import type { StoredPromptChoice } from '#domain/prompts/prompt-choices.js';
import type { PromptLibrary } from '#domain/prompts/prompt-library.js';
import {
  largestShare,
  promptName,
  promptTasks,
  promptVariables,
  type Prompt,
  type PromptTask,
} from '#domain/prompts/prompt.js';

/** What `AccountId` takes. */
const usableAccountId = /^[\x21-\x7E]{1,64}$/u;
const forOneAccount = {
  type: String,
  maxLength: 64,
  description: 'For this account only. Left out: for all accounts without a choice of their own.',
} as const;
const version = { type: 'integer', minimum: 1, example: 2 } as const;

export class PromptScopeQuery {
  @ApiPropertyOptional(forOneAccount)
  @IsOptional()
  @Matches(usableAccountId, { message: 'accountId is not usable as an id' })
  accountId?: string | null;
}

export class ActivePromptBody extends PromptScopeQuery {
  @ApiProperty({ ...version, description: 'One that `GET /prompts` lists.' })
  @IsInt()
  @Min(1)
  @Max(100_000)
  version!: number;
}

export class PromptTrialBody extends ActivePromptBody {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: largestShare,
    example: 10,
    description: 'Percent of the comments. The same comment always gets the same version.',
  })
  @IsInt()
  @Min(0)
  @Max(largestShare)
  share!: number;
}

class PromptVersionView {
  @ApiProperty({ ...version, example: 1 })
  version!: number;

  @ApiProperty({ example: 'classify-comment@1', description: 'As verdicts and drafts show it.' })
  name!: string;

  @ApiProperty({ example: 'The seven classes with their borders; nothing about the brand.' })
  about!: string;

  @ApiProperty({ enum: promptVariables, isArray: true, description: 'What is put in for each account.' })
  variables!: readonly string[];

  @ApiProperty({ type: 'integer', example: 3412, description: 'Length of the text.' })
  characters!: number;
}

export class PromptTextView extends PromptVersionView {
  @ApiProperty({ enum: promptTasks })
  task!: string;

  @ApiProperty({ description: 'With its variables as {{name}}.' })
  text!: string;
}

class PromptTrialView {
  @ApiProperty(version)
  version!: number;

  @ApiProperty({ type: 'integer', example: 10, description: 'Percent of the comments.' })
  share!: number;
}

class PromptChoiceView {
  @ApiProperty({ type: String, nullable: true, description: 'null: for all accounts without a choice of their own.' })
  accountId!: string | null;

  @ApiProperty({ ...version, nullable: true, description: 'null: what holds for all, else the usual version.' })
  active!: number | null;

  @ApiProperty({ type: PromptTrialView, nullable: true })
  trial!: PromptTrialView | null;

  @ApiProperty({ format: 'date-time' })
  changedAt!: string;
}

export class PromptView {
  @ApiProperty({ enum: promptTasks, example: 'classify-comment' })
  task!: string;

  @ApiProperty({ ...version, example: 1, description: 'Used while nobody has chosen another.' })
  usual!: number;

  @ApiProperty({ type: [PromptVersionView], description: 'Those that this program holds, oldest first.' })
  versions!: readonly PromptVersionView[];

  @ApiProperty({ type: [PromptChoiceView], description: 'What people chose; empty while nobody has.' })
  choices!: readonly PromptChoiceView[];
}

export class PromptList {
  @ApiProperty({ type: [PromptView] })
  prompts!: readonly PromptView[];
}

export function toPromptView(
  task: PromptTask,
  library: PromptLibrary,
  stored: readonly StoredPromptChoice[],
): PromptView {
  return {
    task,
    usual: library.usualOf(task).version,
    versions: library.versionsOf(task).map((number) => versionOf(library.get(task, number))),
    choices: stored
      .filter((choice) => choice.task === task && (choice.active !== undefined || choice.trial !== undefined))
      .map(({ accountId, active, trial, changedAt }) => ({
        accountId: accountId ?? null,
        active: active ?? null,
        trial: trial ?? null,
        changedAt: changedAt.toISOString(),
      })),
  };
}

export function toPromptTextView(prompt: Prompt): PromptTextView {
  return { task: prompt.task, ...versionOf(prompt), text: prompt.text };
}

function versionOf(prompt: Prompt) {
  const { about, variables, text } = prompt;
  return { version: prompt.version, name: promptName(prompt), about, variables, characters: text.length };
}
