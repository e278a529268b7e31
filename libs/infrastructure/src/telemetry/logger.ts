import { AsyncLocalStorage } from 'node:async_hooks';
import type { LoggerService } from '@nestjs/common';
import pino, { type DestinationStream, type Logger } from 'pino';
import { masker } from './mask.js';

/** What every line says while one piece of work is done: the same trace id from the webhook to the reply. */
export interface TraceFields {
  readonly traceId: string;
  readonly commentId?: string;
  readonly job?: string;
}

const trace = new AsyncLocalStorage<TraceFields>();

export async function withTrace<Result>(fields: TraceFields, work: () => Promise<Result>): Promise<Result> {
  return await trace.run(fields, work);
}

export interface LoggerSettings {
  readonly app: string;
  readonly level: string;
  /** Values that must never be printed, wherever they turn up. */
  readonly secrets: readonly string[];
  /** Colours and short lines for people; JSON for machines. */
  readonly pretty: boolean;
}

/** JSON lines on standard output, UTC, masked. In a terminal they are made readable when pino-pretty is installed. */
export async function createLogger({ pretty, ...settings }: LoggerSettings): Promise<Logger> {
  const options = loggerOptions(settings);
  const destination = pretty ? await prettyStream() : undefined;
  return destination ? pino(options, destination) : pino(options);
}

/** How every record is made, wherever it goes. */
export function loggerOptions({ app, level, secrets }: Omit<LoggerSettings, 'pretty'>): pino.LoggerOptions {
  const mask = masker(secrets);
  return {
    level,
    base: { app },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => ({ ...trace.getStore() }),
    serializers: { err: (error: unknown) => mask(describe(error)) },
    formatters: {
      level: (label) => ({ level: label }),
      // pino hands the record over as an object of fields; masking keeps its shape.
      log: (fields) => mask(fields) as Record<string, unknown>,
    },
    hooks: {
      logMethod(args, method) {
        // Each argument keeps its place and kind: only texts change.
        Reflect.apply(
          method,
          this,
          args.map((argument) => (typeof argument === 'string' ? mask(argument) : argument)),
        );
      },
    },
  };
}

async function prettyStream(): Promise<DestinationStream | undefined> {
  try {
    const { default: prettyFactory } = await import('pino-pretty');
    return prettyFactory({ ignore: 'app,pid,hostname', messageFormat: '{app}: {msg}', singleLine: true });
  } catch {
    return undefined; // production images do not carry it
  }
}

/** An error with its causes, as far as they go; a vendor's answer is in `detail`. */
function describe(error: unknown, depth = 4): unknown {
  if (!(error instanceof Error)) return error;
  const own = Object.fromEntries(
    ['kind', 'code', 'detail', 'retryAfterMs', 'query'].flatMap((key) => {
      const value: unknown = Reflect.get(error, key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const cause = error.cause === undefined || depth === 0 ? {} : { cause: describe(error.cause, depth - 1) };
  return { type: error.name, message: error.message, stack: error.stack, ...own, ...cause };
}

/** Nest's own lines through the same logger. Its start-up chatter (one line per route and module) is for debugging. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const err = message instanceof Error ? message : undefined;
    this.logger.error({ err, context: rest.at(-1), stack: rest.length > 1 ? rest[0] : undefined }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }

  debug(message: unknown, context?: string): void {
    this.logger.trace({ context }, String(message));
  }

  verbose(message: unknown, context?: string): void {
    this.logger.trace({ context }, String(message));
  }

  fatal(message: unknown, context?: string): void {
    this.logger.fatal({ context }, String(message));
  }
}
