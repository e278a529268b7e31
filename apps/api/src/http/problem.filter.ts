import {
  Catch,
  HttpException,
  ServiceUnavailableException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { AppError, type ErrorKind } from '#domain/shared/errors.js';
import { LogAtMost } from './log-at-most.js';
import { problemTitles } from './problem-titles.js';

interface Problem {
  readonly status: number;
  readonly title: string;
}

// What each kind of failure is over HTTP. A new kind does not compile until it is decided here.
const problems: Readonly<Record<ErrorKind, Problem>> = {
  invalid: { status: 422, title: 'A rule does not allow this' },
  'not-found': { status: 404, title: 'Not found' },
  gone: { status: 404, title: 'No longer there' },
  conflict: { status: 409, title: 'Not possible in this state' },
  forbidden: { status: 403, title: 'Not allowed' },
  reconnect: { status: 409, title: 'The account must be connected again' },
  misconfigured: { status: 503, title: 'A vendor refuses our settings' },
  rejected: { status: 422, title: 'The vendor refused this' },
  duplicate: { status: 409, title: 'Already done' },
  ambiguous: { status: 503, title: 'It is unclear whether this happened' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  blocked: { status: 503, title: 'The platform has blocked this account for a while' },
  exhausted: { status: 503, title: 'The vendor\u2019s quota is used up' },
  unavailable: { status: 503, title: 'Not available now' },
};

interface ProblemBody {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: unknown;
  readonly instance: string;
  readonly requestId: string;
}

/** Every failure of our own routes as RFC 9457 problem+json; what we did not expect says nothing and is logged whole. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly unavailable: LogAtMost;

  constructor(private readonly logger: Logger) {
    this.unavailable = new LogAtMost((requests) => logger.error({ requests }, 'More requests failed within a second.'));
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Also for a route that Nest does not know. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const health = healthOf(error);
    if (health) return void reply.status(503).send(health);
    const problem = this.problemOf(error);
    const retryAfterMs = error instanceof AppError ? error.retryAfterMs : undefined;
    const log = (): void => this.logger.error({ err: error, requestId: request.id }, 'A request failed.');
    // While the database is away every delivery fails alike, hundreds in a second.
    if (problem.status === 503) this.unavailable.write(log);
    else if (problem.status >= 500) log();
    if (problem.status === 503) void reply.header('Retry-After', String(Math.ceil((retryAfterMs ?? 1_000) / 1_000)));
    const body: ProblemBody = {
      ...(error instanceof AppError && error.shown),
      type: 'about:blank',
      ...problem,
      instance: request.url.split('?')[0] ?? '',
      requestId: request.id,
    };
    void reply.status(problem.status).type('application/problem+json').send(body);
  }

  private problemOf(error: unknown): Pick<ProblemBody, 'title' | 'status' | 'detail' | 'errors'> {
    if (error instanceof AppError) return { ...problems[error.kind], detail: error.message };
    if (error instanceof HttpException) return fromHttp(error);
    const status = statusOfServer(error);
    if (status !== undefined && status < 500)
      return { status, title: problemTitles[status] ?? 'The request cannot be read' };
    return { status: 500, title: 'Something went wrong here' };
  }
}

function fromHttp(error: HttpException): Pick<ProblemBody, 'title' | 'status' | 'detail' | 'errors'> {
  const status = error.getStatus();
  const response = error.getResponse();
  const messages = typeof response === 'object' && 'message' in response ? response.message : undefined;
  const title = problemTitles[status] ?? error.message;
  if (Array.isArray(messages)) return { status, title: 'Some fields are wrong', errors: messages };
  return { status, title, detail: error.message };
}

/** "Not ready" is no failure but an answer, and the worker gives the same: what is up, what is down and why. */
function healthOf(error: unknown): object | undefined {
  if (!(error instanceof ServiceUnavailableException)) return undefined;
  const response = error.getResponse();
  return typeof response === 'object' && 'details' in response ? response : undefined;
}

/** Fastify's own refusals (body too large, unreadable JSON) carry their status. */
function statusOfServer(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}
