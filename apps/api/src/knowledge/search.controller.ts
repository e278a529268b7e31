import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { Accounts } from '#domain/accounts/accounts.js';
import { meantAccount } from '#domain/accounts/meant-account.js';
import { Knowledge } from '#domain/knowledge/knowledge.js';
import { AccountId } from '#domain/shared/ids.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { ApiProblems } from '../http/problem.dto.js';
import { SearchQuery, SearchView, toFoundPassageView } from './search.dto.js';

@AdminRoutes('Knowledge')
@Controller('knowledge/search')
export class SearchController {
  constructor(
    @Inject(Knowledge) private readonly knowledge: Knowledge,
    @Inject(Accounts) private readonly accounts: Accounts,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'searchKnowledge',
    summary: 'What would be found for a question',
    description:
      'The very search that answers are written from, for people who tune their documents: nothing is written or ' +
      'published. By words and by meaning; while the embedder is away by words alone. The question\u2019s vector is ' +
      'paid for by the account, once within ten minutes.',
  })
  @ApiResponse({ status: 200, type: SearchView, description: 'Passages of documents and products.' })
  @ApiProblems({
    400: {
      when: 'There is no question, or a parameter is unknown or out of its range.',
      errors: ['question should not be empty'],
    },
    404: { when: 'This account is not connected.', detail: 'no account 17841400000000000 is connected' },
    409: {
      when: 'No account is connected yet, or several are and `accountId` does not say which one is meant.',
      detail: 'Several accounts are connected: say which one with accountId.',
    },
  })
  async search(@Query() { question, limit, accountId }: SearchQuery): Promise<SearchView> {
    const account = await meantAccount(this.accounts, accountId === undefined ? undefined : AccountId.parse(accountId));
    return { passages: (await this.knowledge.search(account, question, limit)).map(toFoundPassageView) };
  }
}
