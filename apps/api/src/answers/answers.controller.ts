import { Body, Controller, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { Accounts } from '#domain/accounts/accounts.js';
import { answerSettings } from '#domain/answers/settings.js';
import { AnswerSettingsHistory } from '#domain/answers/settings-history.js';
import type { AccountId } from '#domain/shared/ids.js';
import { ChangeAnswerSettings } from '#use-cases/answers/change-answer-settings.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { accountIdOf, accountParameter, unknownAccount } from '../http/ids.js';
import { ApiProblems } from '../http/problem.dto.js';
import { read, VersionsQuery } from '../policies/policies.dto.js';
import { AnswerSettingsBody, AnswerSettingsVersions, AnswerSettingsView, toAnswerSettingsView } from './answers.dto.js';

/** How an account wants to answer: in versions, checked as a whole, in force within five seconds. */
@AdminRoutes('Answers')
@Controller('accounts/:id/answers')
export class AnswersController {
  constructor(
    @Inject(ChangeAnswerSettings) private readonly changeSettings: ChangeAnswerSettings,
    @Inject(AnswerSettingsHistory) private readonly answers: AnswerSettingsHistory,
    @Inject(Accounts) private readonly accounts: Accounts,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getAnswerSettings',
    summary: 'How the account answers',
    description: 'Voice, languages, fallback text, signature, emoji, forbidden topics and length, with their version.',
  })
  @ApiParam(accountParameter)
  @ApiResponse({ status: 200, type: AnswerSettingsView, description: 'The newest version.' })
  @ApiProblems({ 404: unknownAccount })
  async inForce(@Param('id') id: string): Promise<AnswerSettingsView> {
    const accountId = await this.accountOf(id);
    const [latest] = await this.answers.history(accountId, 1);
    return toAnswerSettingsView(latest ?? (await this.answers.current(accountId)));
  }

  @Put()
  @ApiOperation({
    operationId: 'putAnswerSettings',
    summary: 'Change how the account answers',
    description:
      'Replaces the settings as a whole; the former version stays. In force on all workers within five seconds.',
  })
  @ApiParam(accountParameter)
  @ApiResponse({ status: 200, type: AnswerSettingsView, description: 'The new version.' })
  @ApiProblems({
    400: {
      when: 'A field is missing, unknown, too long or of a wrong kind.',
      errors: ['settings.emoji: Invalid option'],
    },
    404: unknownAccount,
    409: {
      when: 'Another version came into force meanwhile.',
      detail: 'Version 4 is in force, not 3: read it again, then change it.',
    },
    413: { when: 'The body is larger than 5 MB.' },
    415: { when: 'The body is not sent as application/json.' },
    422: {
      when: 'Something in the settings could never be published or followed; each conflict is named.',
      detail: 'The signature would never be published: warmbread.example (gate-contact). (signature-refused)',
    },
  })
  async put(@Param('id') id: string, @Body() body: AnswerSettingsBody): Promise<AnswerSettingsView> {
    const changed = await this.changeSettings.execute({
      accountId: accountIdOf(id),
      after: body.version ?? undefined,
      settings: read(answerSettings, body.settings, 'settings'),
      by: 'operator',
      note: body.note ?? undefined,
    });
    return toAnswerSettingsView(changed);
  }

  @Get('versions')
  @ApiOperation({
    operationId: 'listAnswerSettings',
    summary: 'How the settings of answers came about',
    description: 'Every version with who made it and when, newest first.',
  })
  @ApiParam(accountParameter)
  @ApiResponse({ status: 200, type: AnswerSettingsVersions, description: 'One page; empty while nobody has decided.' })
  @ApiProblems({
    400: { when: 'A parameter is unknown or out of its range.', errors: ['limit must not be greater than 100'] },
    404: unknownAccount,
  })
  async versions(@Param('id') id: string, @Query() { limit, before }: VersionsQuery): Promise<AnswerSettingsVersions> {
    const found = await this.answers.history(await this.accountOf(id), limit + 1, before);
    const page = found.slice(0, limit);
    return {
      versions: page.map(toAnswerSettingsView),
      next: found.length > limit ? (page.at(-1)?.version ?? null) : null,
    };
  }

  private async accountOf(id: string): Promise<AccountId> {
    return (await this.accounts.get(accountIdOf(id))).id;
  }
}
