import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { UnsupportedMediaTypeException, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '#infrastructure/config/config.js';
import { Readiness } from '#infrastructure/health/health.controller.js';
import { NestLogger } from '#infrastructure/telemetry/logger.js';
import { Metrics } from '#infrastructure/telemetry/metrics.js';
import { ReceiveDelivery } from '#use-cases/comments/receive-delivery.js';
import { ApiModule } from './api.module.js';
import { serveDocs } from './http/docs.js';
import { ProblemFilter } from './http/problem.filter.js';
import { acceptFiles } from './knowledge/file-upload.js';
import { serveDeliveries } from './webhooks/delivery-route.js';

/** A full batch of a thousand updates is about 3 MB. */
const bodyLimit = 5 * 1024 * 1024;

/** Builds the api; listening is the caller's. Tests build it the same way. */
export async function createApi(config: Config, logger: Logger): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit,
    requestIdHeader: false, // Fastify would take whatever stands there
    genReqId: ({ headers }: IncomingMessage) => requestIdFrom(headers['x-request-id']),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    // Requests that are running are finished; new ones on kept connections are told to go elsewhere.
    return503OnClosing: true,
    forceCloseConnections: 'idle',
  });
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.forProcess(config, logger), adapter, {
    logger: new NestLogger(logger),
    bodyParser: false,
  });
  const server = adapter.getInstance<FastifyInstance>();
  acceptBodies(server);
  acceptFiles(server);
  partWithConnections(server, app.get(Readiness));
  app.setGlobalPrefix('api/v1', { exclude: ['health', 'health/live', 'health/ready', 'metrics'] });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  app.enableShutdownHooks([], { useProcessExit: true }); // exit code 0: being told to stop is no failure
  serveDocs(app, server);
  serveDeliveries(server, {
    receiveDelivery: app.get(ReceiveDelivery),
    problems: app.get(ProblemFilter),
    metrics: app.get(Metrics),
    logger,
    bodyLimit,
  });
  return app;
}

/** A caller's id, so that its log and ours tell one story; it is stored and printed, so not everything goes. */
function requestIdFrom(given: string | readonly string[] | undefined): string {
  return typeof given === 'string' && /^[\w.:-]{8,64}$/u.test(given) ? given : randomUUID();
}

/** JSON and nothing else; deliveries are read by their own route. */
function acceptBodies(server: FastifyInstance): void {
  const readJson = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (request, body, done) => {
    const isJson = /^application\/(?:[\w.+-]+\+)?json\b/iu.test(request.headers['content-type'] ?? '');
    if (body.length === 0) done(null, undefined);
    else if (isJson) void readJson(request, body.toString(), done);
    // Besides being unreadable: a web page elsewhere can make a browser send other kinds without asking first.
    else done(new UnsupportedMediaTypeException('Send JSON, with the header "Content-Type: application/json".'));
  });
  // A body that is too large is refused at once; whoever is still sending it can read the answer only if the connection
  // stays until then. What comes is thrown away, not kept.
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (reply.statusCode === 413) reply.removeHeader('connection');
    done();
  });
}

/**
 * What is answered while we stop is a connection's last answer. Idle connections are closed when the stop begins; one
 * that becomes idle after that would be kept for its next request, and the process with it, for more than a minute.
 */
function partWithConnections(server: FastifyInstance, readiness: Readiness): void {
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (!readiness.accepting) reply.header('connection', 'close');
    done();
  });
}
