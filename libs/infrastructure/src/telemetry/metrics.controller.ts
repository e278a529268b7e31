import { Controller, Get, HttpException, Inject, Req, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bears, isLocal } from '../http/caller.js';
import { Metrics } from './metrics.js';

/** The bearer token that opens the metrics from elsewhere; undefined: only this machine may read them. */
export const METRICS_TOKEN = Symbol('metrics token');

@ApiTags('Health')
@SkipThrottle()
@Controller({ path: 'metrics', version: VERSION_NEUTRAL })
export class MetricsController {
  constructor(
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(METRICS_TOKEN) private readonly token: string | undefined,
  ) {}

  @Get()
  @ApiBearerAuth()
  @ApiOperation({
    operationId: 'metrics',
    summary: 'Figures for Prometheus',
    description:
      'Of this process, and of all the work as the database has it. With ADMIN_TOKEN as a bearer token; without one ' +
      'only this machine may ask. Figures only: nothing of a customer stands here.',
  })
  @ApiResponse({
    status: 200,
    description: 'In Prometheus\u2019s text format.',
    content: { 'text/plain': { schema: { type: 'string' }, example: 'instachatico_comments_accepted 4711\n' } },
  })
  @ApiResponse({ status: 401, description: 'ADMIN_TOKEN is set, and this request does not carry it.' })
  @ApiResponse({ status: 403, description: 'ADMIN_TOKEN is not set, and another machine asks.' })
  async read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (this.token === undefined && !isLocal(request)) throw new HttpException('Set ADMIN_TOKEN to read this.', 403);
    if (this.token !== undefined && !bears(this.token, request)) {
      void reply.header('www-authenticate', 'Bearer');
      throw new HttpException('Send the header "Authorization: Bearer …" with the ADMIN_TOKEN.', 401);
    }
    const { text, type } = await this.metrics.scrape();
    void reply.type(type).send(text);
  }
}
