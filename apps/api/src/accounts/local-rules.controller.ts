import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { LocalRuleChoices } from '#domain/comments/local-rule-choices.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { accountIdOf, accountParameter, unknownAccount } from '../http/ids.js';
import { ApiProblems } from '../http/problem.dto.js';
import { LocalRuleSwitches, switchedOff, switchesOf } from './local-rules.dto.js';

@AdminRoutes('Understanding')
@Controller('accounts/:id/local-rules')
export class LocalRulesController {
  constructor(@Inject(LocalRuleChoices) private readonly choices: LocalRuleChoices) {}

  @Get()
  @ApiOperation({
    operationId: 'getLocalRules',
    summary: 'Which comments are decided without a model',
    description: 'The local rules of an account, each on or off. All are on until somebody switches one off.',
  })
  @ApiParam(accountParameter)
  @ApiResponse({ status: 200, type: LocalRuleSwitches, description: 'As they are now; up to five seconds old.' })
  @ApiProblems({ 404: unknownAccount })
  async get(@Param('id') id: string): Promise<LocalRuleSwitches> {
    return switchesOf(await this.choices.off(accountIdOf(id)));
  }

  @Put()
  @ApiOperation({
    operationId: 'setLocalRules',
    summary: 'Switch local rules on or off',
    description:
      'Takes effect within five seconds on all workers. Comments of a rule that is off are shown to the model; verdicts ' +
      'that were given stay. Safe to repeat.',
  })
  @ApiParam(accountParameter)
  @ApiBody({ type: LocalRuleSwitches })
  @ApiResponse({ status: 200, type: LocalRuleSwitches, description: 'As they are from now on.' })
  @ApiProblems({
    400: {
      when: 'A rule is missing, unknown or neither true nor false, or the body is no JSON.',
      errors: ['repeat must be a boolean value'],
    },
    404: unknownAccount,
    413: { when: 'The body is larger than 5 MB.' },
    415: { when: 'The body is not sent as application/json.' },
  })
  async set(@Param('id') id: string, @Body() switches: LocalRuleSwitches): Promise<LocalRuleSwitches> {
    const account = accountIdOf(id);
    await this.choices.switchOff(account, switchedOff(switches));
    return switchesOf(await this.choices.off(account));
  }
}
