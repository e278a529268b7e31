import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { Accounts } from '#domain/accounts/accounts.js';
import type { AccountId } from '#domain/shared/ids.js';
import { Budgets } from '#domain/spending/budget.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { accountIdOf, accountParameter, unknownAccount } from '../http/ids.js';
import { ApiProblems } from '../http/problem.dto.js';
import { BudgetBody, BudgetView, chosenBudget, toBudgetView } from './spending.dto.js';

@AdminRoutes('Spending')
@Controller('accounts/:id/budget')
export class BudgetsController {
  constructor(
    @Inject(Budgets) private readonly budgets: Budgets,
    @Inject(Accounts) private readonly accounts: Accounts,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getBudget',
    summary: 'What an account may spend on models, and how far it is today',
    description:
      'Days are UTC. At 70 % operators are told once. When the money is spent no model is asked any more for the rest of ' +
      'the day: rules act, comments wait for a person, nothing is lost. The same for one author, whose comments alone wait.',
  })
  @ApiParam(accountParameter)
  @ApiResponse({ status: 200, type: BudgetView, description: 'As it stands now.' })
  @ApiProblems({ 404: unknownAccount })
  async get(@Param('id') id: string): Promise<BudgetView> {
    return toBudgetView(await this.budgets.get(await this.accountOf(id)));
  }

  @Put()
  @ApiOperation({
    operationId: 'setBudget',
    summary: 'Choose what an account may spend on models in a day',
    description:
      'Takes effect with the next call on every worker; what was spent today stays spent. A field that is missing or null ' +
      'is as usual again. Comments that were left to a person stay with them. Safe to repeat.',
  })
  @ApiParam(accountParameter)
  @ApiBody({ type: BudgetBody })
  @ApiResponse({ status: 200, type: BudgetView, description: 'As it stands from now on.' })
  @ApiProblems({
    400: {
      when: 'A field is unknown, no number or out of its range, or the body is no JSON.',
      errors: ['account must not be less than 0'],
    },
    404: unknownAccount,
    413: { when: 'The body is larger than 5 MB.' },
    415: { when: 'The body is not sent as application/json.' },
  })
  async set(@Param('id') id: string, @Body() body: BudgetBody): Promise<BudgetView> {
    return toBudgetView(await this.budgets.set(await this.accountOf(id), chosenBudget(body)));
  }

  /** @throws AppError 'not-found' */
  private async accountOf(id: string): Promise<AccountId> {
    return (await this.accounts.get(accountIdOf(id))).id;
  }
}
