import { Controller, Get, HttpException, Inject, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Platforms } from '#domain/platforms/platform.js';
import { ApiProblems } from '../http/problem.dto.js';
import { meta } from './delivery-route.js';
import { DeliverySummary } from './webhook.dto.js';

/** The other half of the webhook's address, where deliveries come in, is in `delivery-route.ts`. */
@ApiTags('Webhook')
@SkipThrottle() // the platform sends from few addresses
@ApiExtraModels(DeliverySummary)
@Controller('webhook')
export class WebhookController {
  constructor(@Inject(Platforms) private readonly platforms: Platforms) {}

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

  private webhook() {
    const { webhook } = this.platforms.get(meta);
    if (!webhook) throw new HttpException('This platform sends no webhooks.', 404);
    return webhook;
  }
}
