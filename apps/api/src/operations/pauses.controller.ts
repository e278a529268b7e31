import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { Accounts } from '#domain/accounts/accounts.js';
import { AppError } from '#domain/shared/errors.js';
import { MediaId } from '#domain/shared/ids.js';
import { everythingId, Pauses, pauseScopes, type PauseScope } from '#domain/work/pauses.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { accountIdOf, postIdOf } from '../http/ids.js';
import { ApiProblems } from '../http/problem.dto.js';
import { PauseBody, PauseList, PauseView, toPauseView } from './pauses.dto.js';

const scopeParameter = { name: 'scope', enum: pauseScopes, example: 'everything' };
const idParameter = {
  name: 'id',
  schema: { type: 'string' },
  example: everythingId,
  description: 'Of everything: all. Else Instagram\u2019s id of the account or of the post.',
} as const;

@AdminRoutes('Operations')
@Controller('pauses')
export class PausesController {
  constructor(
    @Inject(Pauses) private readonly pauses: Pauses,
    @Inject(Accounts) private readonly accounts: Accounts,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listPauses',
    summary: 'What is paused, and why',
    description: 'By people and by the system: an account whose token is dead or that Instagram blocks is paused, too.',
  })
  @ApiResponse({ status: 200, type: PauseList, description: 'All pauses in force.' })
  async list(): Promise<PauseList> {
    return { pauses: (await this.pauses.list()).map(toPauseView) };
  }

  @Put(':scope/:id')
  @ApiOperation({
    operationId: 'pause',
    summary: 'Pause everything, an account or a post',
    description:
      'From the answer on no reply begins to be sent and no comment to be hidden there, by no worker; what was being sent ' +
      'in that very moment may still appear. Comments are received and understood, drafts written and operators told as ' +
      'usual. Nothing is lost: all of it goes on within seconds of the resume. Safe to repeat; the note and the end are ' +
      'then the new ones.',
  })
  @ApiParam(scopeParameter)
  @ApiParam(idParameter)
  @ApiBody({ type: PauseBody, required: false })
  @ApiResponse({ status: 200, type: PauseView, description: 'It is paused.' })
  @ApiProblems({
    400: {
      when: 'A field is unknown or unusable, or the body is no JSON.',
      errors: ['until is not a time like 2027-01-01T08:00:00Z'],
    },
    404: {
      when: 'There is no such scope, this account is not connected, or no post can have this id.',
      detail: 'no account 17841400000000000 is connected',
    },
    413: { when: 'The body is larger than 5 MB.' },
    415: { when: 'The body is not sent as application/json.' },
    422: { when: '`until` is over already.', detail: 'This pause would be over already: until must lie ahead.' },
  })
  async pause(
    @Param('scope') scopeName: string,
    @Param('id') idText: string,
    @Body() { note, until }: PauseBody,
  ): Promise<PauseView> {
    const scope = scopeOf(scopeName);
    const id = await this.knownId(scope, idText);
    const end = typeof until === 'string' ? { until: timeAhead(until) } : {};
    // Some clients send null for what they leave out.
    const said = typeof note === 'string' ? { note } : {};
    return toPauseView(await this.pauses.pause({ scope, id, why: 'person', by: 'operator', ...said, ...end }));
  }

  @Delete(':scope/:id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'resume',
    summary: 'Resume everything, an account or a post',
    description:
      'Ends every pause of this scope and id, whoever asked for it. An account whose token is still dead is paused again by ' +
      'its next reply. Replies that waited go out within seconds.',
  })
  @ApiParam(scopeParameter)
  @ApiParam(idParameter)
  @ApiResponse({ status: 204, description: 'It goes on.' })
  @ApiProblems({ 404: { when: 'Nothing is paused there.', detail: 'Nothing is paused there.' } })
  async resume(@Param('scope') scopeName: string, @Param('id') id: string): Promise<void> {
    const scope = scopeOf(scopeName);
    const resumed = MediaId.safeParse(id).success && (await this.pauses.resume(scope, id));
    if (!resumed) throw new AppError('not-found', 'Nothing is paused there.');
  }

  /** @throws AppError 'not-found' */
  private async knownId(scope: PauseScope, text: string): Promise<string> {
    if (scope === 'everything') {
      if (text === everythingId) return text;
      throw new AppError('not-found', `The id of everything is ${everythingId}.`);
    }
    // A post that nobody has commented on yet is not known here and may be paused all the same.
    if (scope === 'post') return postIdOf(text);
    return (await this.accounts.get(accountIdOf(text))).id;
  }
}

/** @throws AppError 'invalid' for what is over, and for a day that no calendar has */
function timeAhead(text: string): Date {
  const time = new Date(text);
  if (time.getTime() > Date.now()) return time;
  throw new AppError('invalid', 'This pause would be over already: until must lie ahead.');
}

function scopeOf(name: string): PauseScope {
  const scope = pauseScopes.find((known) => known === name);
  if (scope === undefined)
    throw new AppError('not-found', `There is no such scope; there are ${pauseScopes.join(', ')}.`);
  return scope;
}
