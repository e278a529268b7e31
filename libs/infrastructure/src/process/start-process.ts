import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { messageOf } from '#domain/shared/errors.js';
import {
  ConfigError,
  processEnvironment,
  readConfig,
  readDatabaseUrl,
  secretsOf,
  type Config,
  type Environment,
} from '../config/config.js';
import { migrateDatabase } from '../postgres/data-source.js';
import { createLogger } from '../telemetry/logger.js';

/** The database may start beside us (compose, a cluster after an outage): this long is waited for it. */
const databaseTries = 60;
const betweenTriesMs = 1_000;
const waiting = `The database does not answer; trying for ${databaseTries} s. If it should be there, look at DATABASE_URL.`;
/**
 * Told to stop, we are gone by then: half a minute is what a supervisor usually gives. Draining takes 20 s of it at most;
 * libraries that close without any limit (BullMQ while Redis is away) do not get more.
 */
const goneWithinMs = 24_000;

/**
 * The frame of every process of ours: configuration first, with all problems at once; then the schema; then the app.
 * What nobody caught ends the process, because its state is unknown: whoever supervises it starts it again, and the
 * rows it held come back when their leases run out.
 */
export async function startProcess(
  app: string,
  start: (config: Config, logger: Logger) => Promise<void>,
): Promise<void> {
  const config = readOrExit(readConfig);
  const pretty = process.stdout.isTTY === true;
  const logger = await createLogger({ app, level: config.logLevel, secrets: secretsOf(config), pretty });
  endWhenUncaught(logger);
  try {
    await bringSchemaUpToDate(config.databaseUrl, logger);
    await start(config, logger);
    leaveInTime(logger); // only now: until here a signal ends the process at once
  } catch (error) {
    logger.fatal({ err: error }, `The ${app} could not start.`);
    process.exit(1);
  }
}

/** The log is written synchronously: its last line is out before the process is gone. */
export function endWhenUncaught(logger: Logger): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      logger.fatal({ err: error }, `Ending after an ${event}: please report this as a bug.`);
      logger.flush();
      process.exit(1);
    });
  }
}

function leaveInTime(logger: Logger): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(signal, () => {
      const leave = (): void => {
        logger.warn({ signal }, 'Not everything ended in time; leaving without it.');
        process.exit(0);
      };
      setTimeout(leave, goneWithinMs).unref();
    });
  }
}

/** Only brings the schema up to date: the step before a deploy. It needs no setting but the database's address. */
export async function migrateOnly(): Promise<void> {
  const databaseUrl = readOrExit(readDatabaseUrl);
  const secrets = [decodeURIComponent(new URL(databaseUrl).password)];
  const logger = await createLogger({ app: 'migrate', level: 'info', secrets, pretty: process.stdout.isTTY === true });
  try {
    await bringSchemaUpToDate(databaseUrl, logger);
  } catch (error) {
    logger.fatal({ err: error }, 'The schema could not be brought up to date.');
    process.exit(1);
  }
}

function readOrExit<Read>(read: (environment: Environment) => Read): Read {
  try {
    return read(processEnvironment());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(
      `Not started: ${error.problems.length} setting(s) to put right (see .env.example).\n${error.message}\n`,
    );
    process.exit(1);
  }
}

async function bringSchemaUpToDate(databaseUrl: string, logger: Logger): Promise<void> {
  for (let left = databaseTries; ; left -= 1) {
    try {
      const done = await migrateDatabase(databaseUrl);
      if (done.length > 0) logger.info({ migrations: done }, 'The schema is up to date.');
      return;
    } catch (error) {
      if (left <= 1 || !isNotYetThere(error)) throw error;
      if (left === databaseTries) logger.warn({ why: messageOf(error) }, waiting);
      await wait(betweenTriesMs);
    }
  }
}

/** Nobody listens yet, the name is not known yet, or the server says that it is starting up or has no place. */
function isNotYetThere(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(?:ECONN|EAI_|ENOTFOUND|ETIMEDOUT|57P03|53300)/u.test(code);
}
