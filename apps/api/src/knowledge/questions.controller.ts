import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { Throttle } from '@nestjs/throttler';
import { AccountId, MediaId } from '#domain/shared/ids.js';
import { storableText } from '#domain/shared/text.js';
import { AskQuestion } from '#use-cases/answers/ask-question.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { ApiProblems } from '../http/problem.dto.js';
import { AnswerView, QuestionBody, toAnswerView } from './questions.dto.js';

/** Each costs a call to the model: enough for a person who tries things out. */
const questionsPerMinute = { default: { limit: 30, ttl: 60_000 } };

@AdminRoutes('Knowledge')
@Controller('knowledge/questions')
export class QuestionsController {
  constructor(@Inject(AskQuestion) private readonly askQuestion: AskQuestion) {}

  @Post()
  @HttpCode(200)
  @Throttle(questionsPerMinute)
  @ApiOperation({
    operationId: 'askQuestion',
    summary: 'What would be answered',
    description:
      'Goes the way of a customer\u2019s question: what is found, what is written, what the gate says. Nothing is published, ' +
      'and nothing is kept but what it cost. Thirty a minute from one address; the account\u2019s budget holds.',
  })
  @ApiBody({ type: QuestionBody })
  @ApiResponse({ status: 200, type: AnswerView, description: 'The answer with its sources, or why there is none.' })
  @ApiProblems({
    400: { when: 'A field is missing, unknown or too long.', errors: ['question should not be empty'] },
    404: { when: 'The account or the post is not known.', detail: 'no account 17841400000000000 is connected' },
    409: {
      when: 'No account is connected yet, or several are and `accountId` does not say which one is meant.',
      detail: 'Several accounts are connected: say which one with accountId.',
    },
    413: { when: 'The body is larger than 5 MB.' },
    415: { when: 'The body is not sent as application/json.' },
  })
  async ask(@Body() { question, accountId, postId }: QuestionBody): Promise<AnswerView> {
    const asked = await this.askQuestion.execute({
      accountId: typeof accountId === 'string' ? AccountId.parse(accountId) : undefined,
      postId: typeof postId === 'string' ? MediaId.parse(postId) : undefined,
      text: storableText(question),
    });
    return toAnswerView(asked);
  }
}
