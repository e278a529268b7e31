import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpException } from '@nestjs/common';
import type { Logger } from 'pino';
import { PlatformId } from '#domain/shared/ids.js';
import type { ReceiveDelivery, ReceiveOutcome } from '#use-cases/comments/receive-delivery.js';
import type { Metrics } from '#infrastructure/telemetry/metrics.js';
import { LogAtMost } from '../http/log-at-most.js';
import type { ProblemFilter } from '../http/problem.filter.js';
import type { DeliverySummary } from './webhook.dto.js';

// The address that is entered in the Meta app has no platform in it, because it is Meta's.
export const meta = PlatformId.parse('instagram');
export const webhookPath = '/api/v1/webhook';

export interface DeliveryRouteParts {
  readonly receiveDelivery: ReceiveDelivery;
  readonly problems: ProblemFilter;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** In bytes. */
  readonly bodyLimit: number;
}

/**
 * Where deliveries come in: the one route that is called all the time. It stands on the server itself, beside Nest, whose
 * guards, pipes and interceptors have nothing to do for it and cost more than everything that it does. The platform sends
 * from few addresses, so nobody counts requests here; what is not signed is refused before any work.
 */
export function serveDeliveries(server: FastifyInstance, parts: DeliveryRouteParts): void {
  void server.register((scope, _options, done) => {
    const { bodyLimit, problems } = parts;
    // The body stays as it was sent, whatever it claims to be: it is the bytes that are signed.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, read) => read(null, body));
    scope.setErrorHandler((error, request, reply) => problems.answer(error, request, reply));
    scope.addHook('onResponse', (_request, reply, next) => {
      // A hook, so that what is refused before the route begins is counted, too.
      parts.metrics.delivery(reply.statusCode, reply.elapsedTime / 1_000);
      next();
    });
    scope.post(webhookPath, handler(parts));
    done();
  });
}

function handler({ receiveDelivery, metrics, logger }: DeliveryRouteParts) {
  // Anybody can send thousands of these in a second.
  const unsigned = new LogAtMost((more) => logger.warn({ more }, 'More deliveries without a valid signature.'));
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<DeliverySummary> => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const signature = request.headers['x-hub-signature-256'];
    const outcome = await receiveDelivery.execute({ platform: meta, body, signature, traceId: request.id });
    if (outcome.kind === 'bad-signature') {
      unsigned.write(() =>
        logger.warn(
          { bytes: body.length, from: request.ip, traceId: request.id },
          'A delivery without a valid signature was refused.',
        ),
      );
      throw new HttpException('The signature is missing or wrong.', 401);
    }
    const summary = summaryOf(outcome);
    if (summary.duplicates > 0) metrics.duplicates(summary.duplicates);
    // Not at `info`: a line for each would cost more than the delivery. Comments say in the ledger when they came.
    if (summary.quarantined > 0) logger.warn({ traceId: request.id, summary }, 'Parts of a delivery are kept aside.');
    else logger.debug({ traceId: request.id, summary }, 'A delivery is stored.');
    return summary;
  };
}

function summaryOf({ stored, quarantined, counted }: Extract<ReceiveOutcome, { kind: 'accepted' }>): DeliverySummary {
  return {
    status: 'ok',
    received: stored.waiting.length,
    duplicates: stored.duplicates,
    own: stored.own,
    otherAccounts: stored.foreign,
    quarantined,
    counted,
  };
}
