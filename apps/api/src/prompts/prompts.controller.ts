import { Body, Controller, Delete, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { PromptChoices } from '#domain/prompts/prompt-choices.js';
import { PromptLibrary } from '#domain/prompts/prompt-library.js';
import { promptTasks, type PromptTask } from '#domain/prompts/prompt.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId } from '#domain/shared/ids.js';
import { ChoosePrompt } from '#use-cases/prompts/choose-prompt.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { ApiProblems } from '../http/problem.dto.js';
import {
  ActivePromptBody,
  PromptList,
  PromptScopeQuery,
  PromptTextView,
  PromptTrialBody,
  PromptView,
  toPromptTextView,
  toPromptView,
} from './prompts.dto.js';

const taskParameter = { name: 'task', enum: promptTasks, example: 'classify-comment' };
const badBody = {
  400: {
    when: 'A field is missing, unknown or out of its range, or the body is no JSON.',
    errors: ['version must be an integer number'],
  },
  404: {
    when: 'There is no such task, or this account is not connected.',
    detail: `There is no such task; there are ${promptTasks.join(', ')}.`,
  },
  413: { when: 'The body is larger than 5 MB.' },
  415: { when: 'The body is not sent as application/json.' },
};
const badQuery = {
  400: { when: 'The account\u2019s id is not usable.', errors: ['accountId is not usable as an id'] },
  404: badBody[404],
};
const unknownVersion = 'This program holds no version 7 of classify-comment; it holds 1, 2.';

/** Versions of our instructions to the model. Texts are files of the program; which one is used is decided here. */
@AdminRoutes('Prompts')
@Controller('prompts')
export class PromptsController {
  constructor(
    @Inject(PromptLibrary) private readonly library: PromptLibrary,
    @Inject(PromptChoices) private readonly choices: PromptChoices,
    @Inject(ChoosePrompt) private readonly choose: ChoosePrompt,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listPrompts',
    summary: 'Versions of the prompts, and which one is in use',
    description: 'By task. Every verdict and every draft says which version it was made with.',
  })
  @ApiResponse({ status: 200, type: PromptList, description: 'All tasks.' })
  async list(): Promise<PromptList> {
    const stored = await this.choices.list();
    return { prompts: promptTasks.map((task) => toPromptView(task, this.library, stored)) };
  }

  @Get(':task/:version')
  @ApiOperation({
    operationId: 'readPrompt',
    summary: 'The text of one version',
    description: 'As it stands in the program.',
  })
  @ApiParam(taskParameter)
  @ApiParam({ name: 'version', schema: { type: 'integer' }, example: 1 })
  @ApiResponse({ status: 200, type: PromptTextView, description: 'The version.' })
  @ApiProblems({
    404: { when: 'There is no such task or version.', detail: 'There is no such version of this prompt.' },
  })
  read(@Param('task') taskName: string, @Param('version') version: string): PromptTextView {
    const prompt = /^\d{1,6}$/u.test(version) ? this.library.find(taskOf(taskName), Number(version)) : undefined;
    if (!prompt) throw new AppError('not-found', 'There is no such version of this prompt.');
    return toPromptTextView(prompt);
  }

  @Put(':task/active')
  @ApiOperation({
    operationId: 'activatePrompt',
    summary: 'Choose the version in use',
    description:
      'All workers follow within five seconds. Equal comments that were understood with another version are understood anew. ' +
      'Try it on past comments first: `POST /backtests`.',
  })
  @ApiParam(taskParameter)
  @ApiBody({ type: ActivePromptBody })
  @ApiResponse({ status: 200, type: PromptView, description: 'It is in use.' })
  @ApiProblems({ ...badBody, 422: { when: 'This program does not hold the version.', detail: unknownVersion } })
  async activate(@Param('task') taskName: string, @Body() body: ActivePromptBody): Promise<PromptView> {
    const task = taskOf(taskName);
    await this.choose.activate(task, accountOf(body), body.version);
    return await this.viewOf(task);
  }

  @Delete(':task/active')
  @ApiOperation({
    operationId: 'resetPrompt',
    summary: 'Go back to the usual version',
    description:
      'Of an account: to what holds for all. Of all: to the version that the program uses by itself. Safe to repeat.',
  })
  @ApiParam(taskParameter)
  @ApiResponse({ status: 200, type: PromptView, description: 'Nothing is chosen any more.' })
  @ApiProblems(badQuery)
  async reset(@Param('task') taskName: string, @Query() query: PromptScopeQuery): Promise<PromptView> {
    const task = taskOf(taskName);
    await this.choose.activate(task, accountOf(query), undefined);
    return await this.viewOf(task);
  }

  @Put(':task/trial')
  @ApiOperation({
    operationId: 'tryPrompt',
    summary: 'Use a version for a share of the comments',
    description:
      'The share is taken by the comment\u2019s id: the same comment always gets the same version, also when it is tried again. ' +
      'One trial at a time per task and account; a new one takes the place of the old.',
  })
  @ApiParam(taskParameter)
  @ApiBody({ type: PromptTrialBody })
  @ApiResponse({ status: 200, type: PromptView, description: 'The trial runs.' })
  @ApiProblems({
    ...badBody,
    422: { when: 'This program does not hold the version, or it is the active one.', detail: unknownVersion },
  })
  async try(@Param('task') taskName: string, @Body() body: PromptTrialBody): Promise<PromptView> {
    const task = taskOf(taskName);
    const { version, share } = body;
    await this.choose.try(task, accountOf(body), { version, share });
    return await this.viewOf(task);
  }

  @Delete(':task/trial')
  @ApiOperation({
    operationId: 'endPromptTrial',
    summary: 'End a trial',
    description: 'All comments get the active version again. Safe to repeat.',
  })
  @ApiParam(taskParameter)
  @ApiResponse({ status: 200, type: PromptView, description: 'No trial runs.' })
  @ApiProblems(badQuery)
  async endTrial(@Param('task') taskName: string, @Query() query: PromptScopeQuery): Promise<PromptView> {
    const task = taskOf(taskName);
    await this.choose.try(task, accountOf(query), undefined);
    return await this.viewOf(task);
  }

  private async viewOf(task: PromptTask): Promise<PromptView> {
    return toPromptView(task, this.library, await this.choices.list());
  }
}

/** @throws AppError 'not-found' */
function taskOf(name: string): PromptTask {
  const task = promptTasks.find((known) => known === name);
  if (task === undefined)
    throw new AppError('not-found', `There is no such task; there are ${promptTasks.join(', ')}.`);
  return task;
}

/** What was sent has been checked by then. Some clients send null for what they leave out. */
function accountOf({ accountId }: PromptScopeQuery): AccountId | undefined {
  return typeof accountId === 'string' ? AccountId.parse(accountId) : undefined;
}
