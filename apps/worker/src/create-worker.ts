import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import type { Config } from '#infrastructure/config/config.js';
import { NestLogger } from '#infrastructure/telemetry/logger.js';
import { WorkerModule } from './worker.module.js';

/** Builds the worker; its only HTTP is the health page, and listening is the caller's. */
export async function createWorker(config: Config, logger: Logger): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    WorkerModule.forProcess(config, logger),
    new FastifyAdapter(),
    { logger: new NestLogger(logger) },
  );
  app.enableShutdownHooks([], { useProcessExit: true }); // exit code 0: being told to stop is no failure
  return app;
}
