import { Controller, Get, HttpCode, HttpException, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Platforms } from '#domain/platforms/platform.js';
import { PlatformId } from '#domain/shared/ids.js';
import { ReceiveDelivery } from '#use-cases/comments/receive-delivery.js';
import { withTrace } from '#infrastructure/telemetry/logger.js';
import { Metrics } from '#infrastructure/telemetry/metrics.js';
import { LOGGER } from '#infrastructure/infrastructure.module.js';
import { ApiProblems } from '../http/problem.dto.js';
import { DeliverySummary, exampleDelivery } from './webhook.dto.js';

// The address that is entered in the Meta app has no platform in it, because it is Meta's.
const meta = PlatformId.parse('instagram');

@ApiTags('Webhook')
@SkipThrottle() // the platform sends from few addresses; what is not signed is refused before any work
@Controller('webhook')
export class WebhookController {
  constructor(
    @Inject(Platforms) private readonly platforms: Platforms,
    @Inject(ReceiveDelivery) private readonly receiveDelivery: ReceiveDelivery,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'webhookHandshake',
    summary: 'Handshake',
    description: 'Meta calls this once when the webhook is set up, and wants its challenge back.',
  })
  @ApiQuery({ name: 'hub.mode', schema: { type: 'string', enum: ['subscribe'] } })
  @ApiQuery({ name: 'hub.verify_token', schema: { type: 'string' }, description: 'The TOKEN of your settings.' })
  @ApiQuery({ name: 'hub.challenge', schema: { type: 'string' }, example: '1158201444' })
  @ApiResponse({
    status: 200,
    description: 'The challenge, verbatim.',
    content: { 'text/plain': { schema: { type: 'string' }, example: '1158201444' } },
  })
  @ApiProblems({
    403: { when: 'The mode or the token is wrong.', detail: 'The mode or the verify token is wrong.' },
    422: { when: 'A parameter is missing.', detail: 'Missing: hub.challenge.' },
  })
  handshake(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    // Fastify parses the query into a plain object of strings and arrays.
    const outcome = this.webhook().handshake(request.query as Readonly<Record<string, unknown>>);
    if (outcome.kind === 'incomplete') throw new HttpException(`Missing: ${outcome.missing.join(', ')}.`, 422);
    if (outcome.kind === 'refused') throw new HttpException('The mode or the verify token is wrong.', 403);
    void reply.type('text/plain; charset=utf-8').send(outcome.challenge);
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'webhookDelivery',
    summary: 'Delivery',
    description:
      'A batch of events, up to 1,000. 200 means that everything in it is durable; an item that cannot be read is kept ' +
      'aside and harms no other. The form below cannot sign: to write a comment as a customer, use the sandbox.',
  })
  @ApiHeader({
    name: 'X-Hub-Signature-256',
    required: true,
    description: '`sha256=` and the HMAC-SHA256 of the body\u2019s bytes with APP_SECRET, in hex.',
    schema: { type: 'string', pattern: '^sha256=[0-9a-f]{64}$' },
  })
  @ApiBody({
    schema: { type: 'object', additionalProperties: true },
    examples: { comment: { value: exampleDelivery } },
  })
  @ApiResponse({ status: 200, type: DeliverySummary, description: 'Stored.' })
  @ApiProblems({
    401: { when: 'Not signed with the app secret. Nothing is stored.', detail: 'The signature is missing or wrong.' },
    413: { when: 'Larger than 5 MB.' },
    503: { when: 'It could not be stored. Meta sends it again, for up to 36 hours.' },
  })
  async deliver(@Req() request: FastifyRequest): Promise<DeliverySummary> {
    const traceId = request.id;
    return await withTrace({ traceId }, async () => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const signature = request.headers['x-hub-signature-256'];
      const outcome = await this.receiveDelivery.execute({ platform: meta, body, signature, traceId });
      if (outcome.kind === 'bad-signature') {
        this.logger.warn({ bytes: body.length, from: request.ip }, 'A delivery without a valid signature was refused.');
        throw new HttpException('The signature is missing or wrong.', 401);
      }
      const { stored, quarantined, counted } = outcome;
      this.metrics.duplicates(stored.duplicates);
      const summary = {
        received: stored.waiting.length,
        duplicates: stored.duplicates,
        own: stored.own,
        otherAccounts: stored.foreign,
        quarantined,
        counted,
      };
      this.logger.info(summary, 'A delivery is stored.');
      return { status: 'ok', ...summary };
    });
  }

  private webhook() {
    const { webhook } = this.platforms.get(meta);
    if (!webhook) throw new HttpException('This platform sends no webhooks.', 404);
    return webhook;
  }
}
