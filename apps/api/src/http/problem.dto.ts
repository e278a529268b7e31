import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { problemTitles } from './problem-titles.js';

/** How every failure of the api looks (RFC 9457), for the OpenAPI document. */
export class Problem {
  @ApiProperty({ enum: ['about:blank'] })
  type!: string;

  @ApiProperty({ description: 'The kind of failure, the same words each time.' })
  title!: string;

  @ApiProperty({ type: 'integer', description: 'The HTTP status again.' })
  status!: number;

  @ApiPropertyOptional({ description: 'What happened this time, and what to do about it.' })
  detail?: string;

  @ApiPropertyOptional({ type: [String], description: 'One sentence for each wrong field.' })
  errors?: readonly string[];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Where somebody else was faster: how the thing stands now.',
  })
  current?: Readonly<Record<string, unknown>>;

  @ApiProperty({ description: 'The path that was asked for.' })
  instance!: string;

  @ApiProperty({ description: 'The log has the same; mention it when you report something.' })
  requestId!: string;
}

export interface ProblemText {
  /** When it happens: the line that people read in the document. */
  readonly when: string;
  readonly detail?: string;
  readonly errors?: readonly string[];
}

/** Says which failures a route or a controller may answer with, each with an example of its body. */
export function ApiProblems(problems: Readonly<Record<number, ProblemText>>): ClassDecorator & MethodDecorator {
  const responses = Object.entries(problemAnswers(problems)).map(([status, answer]) =>
    ApiResponse({ status: Number(status), ...answer }),
  );
  return applyDecorators(ApiExtraModels(Problem), ...responses);
}

/** The same for a route that Nest does not know, by status. */
export function problemAnswers(problems: Readonly<Record<number, ProblemText>>) {
  return Object.fromEntries(Object.entries(problems).map(([key, problem]) => [key, answerOf(Number(key), problem)]));
}

function answerOf(status: number, { when, detail, errors }: ProblemText) {
  const example = {
    type: 'about:blank',
    title: errors ? 'Some fields are wrong' : problemTitles[status],
    status,
    ...(detail !== undefined && { detail }),
    ...(errors && { errors }),
    instance: '/api/v1/…',
    requestId: '2f1c6b0e-5d0a-4c55-9f0b-6b1f0f3f9a11',
  };
  const schema = { $ref: getSchemaPath(Problem) };
  return { description: when, content: { 'application/problem+json': { schema, example } } };
}
