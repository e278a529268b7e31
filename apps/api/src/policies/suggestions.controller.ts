import { BadRequestException, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { Suggestions, type Suggestion, type SuggestionCursor } from '#domain/policies/suggestions.js';
import { AppError } from '#domain/shared/errors.js';
import { DecideSuggestion } from '#use-cases/moderation/decide-suggestion.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { accountFilter } from '../http/ids.js';
import { ApiProblems } from '../http/problem.dto.js';
import { DecidedView, SuggestionList, SuggestionsQuery, toSuggestionView } from './people.dto.js';

const nothingSuch = 'There is no such suggestion.';
const idParameter = {
  name: 'id',
  schema: { type: 'string' },
  description: 'As the list shows it, of kind hide.',
} as const;
const problems = {
  404: { when: nothingSuch, detail: nothingSuch },
  409: { when: 'It was decided before.', detail: 'This is not suggested (any more).' },
};

/** What waits for a person. */
@AdminRoutes('Policies')
@Controller('suggestions')
export class SuggestionsController {
  constructor(
    @Inject(Suggestions) private readonly suggestions: Suggestions,
    @Inject(DecideSuggestion) private readonly decide: DecideSuggestion,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listSuggestions',
    summary: 'What waits for a person',
    description: 'Suggested hides, and answers that nobody has given yet, newest first.',
  })
  @ApiResponse({ status: 200, type: SuggestionList, description: 'One page; empty when nothing waits.' })
  @ApiProblems({
    400: {
      when: 'A parameter is unknown or out of its range, or the cursor is none of ours.',
      errors: ['limit must not be greater than 100'],
    },
  })
  async list(@Query() { limit, cursor, account }: SuggestionsQuery): Promise<SuggestionList> {
    const of = accountFilter(account);
    const after = cursor === undefined ? undefined : readCursor(cursor);
    const found = await this.suggestions.list(of, limit + 1, after);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return { suggestions: page.map(toSuggestionView), next: last ? cursorAfter(last) : null };
  }

  @Post(':id/accept')
  @HttpCode(202)
  @ApiOperation({ operationId: 'acceptSuggestion', summary: 'Hide the comment', description: 'Done within seconds.' })
  @ApiParam(idParameter)
  @ApiResponse({ status: 202, type: DecidedView, description: 'It is due.' })
  @ApiProblems(problems)
  async accept(@Param('id') id: string): Promise<DecidedView> {
    return { commentId: await this.decide.execute(idOf(id), true) };
  }

  @Post(':id/dismiss')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'dismissSuggestion',
    summary: 'Leave the comment visible',
    description: 'It no longer waits.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 200, type: DecidedView, description: 'It stays visible.' })
  @ApiProblems(problems)
  async dismiss(@Param('id') id: string): Promise<DecidedView> {
    return { commentId: await this.decide.execute(idOf(id), false) };
  }
}

function idOf(text: string): string {
  const id = z.uuid().safeParse(text);
  if (!id.success) throw new AppError('not-found', nothingSuch);
  return id.data;
}

function cursorAfter({ since, id }: Suggestion): string {
  return Buffer.from(`${since.getTime()} ${id}`).toString('base64url');
}

function readCursor(cursor: string): SuggestionCursor {
  const [time = '', id] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const parsed = z.uuid().safeParse(id);
  if (!/^\d{1,15}$/u.test(time) || !parsed.success) throw new BadRequestException(['cursor is none of ours']);
  return { since: new Date(Number(time)), id: parsed.data };
}
