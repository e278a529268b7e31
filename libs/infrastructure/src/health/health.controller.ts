import { setTimeout as wait } from 'node:timers/promises';
import { Controller, Get, Inject, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import { SkipThrottle } from '@nestjs/throttler';
import { Dependencies, type DependencyState } from './dependencies.js';

/** Whether this process should get traffic; false from the moment it is told to stop. */
export class Readiness {
  private stopping = false;

  /** @param graceMs how long requests are still served after that: whoever spreads them must notice first */
  constructor(private readonly graceMs: number) {}

  get accepting(): boolean {
    return !this.stopping;
  }

  /** Servers close only after this. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await wait(this.graceMs);
  }
}

// What the document shows; the shape of the first is Terminus's.
function readyExample(redis: 'up' | 'down'): object {
  const up = { accepting: { status: 'up', ms: 0 }, database: { status: 'up', ms: 2 } };
  if (redis === 'up') {
    const info = { ...up, redis: { status: 'up', ms: 1 } };
    return { status: 'ok', info, error: {}, details: info };
  }
  const error = { redis: { status: 'down', why: 'no answer within 1000 ms or refused' } };
  return { status: 'error', info: up, error, details: { ...up, ...error } };
}

const overviewExample = {
  accepting: true,
  database: { up: true, ms: 2 },
  redis: { up: true, ms: 1 },
  circuits: [{ name: 'openai answer', state: 'closed' }],
};

@ApiTags('Health')
@SkipThrottle()
@Controller({ path: 'health', version: VERSION_NEUTRAL })
export class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(HealthIndicatorService) private readonly indicator: HealthIndicatorService,
    @Inject(Dependencies) private readonly dependencies: Dependencies,
    @Inject(Readiness) private readonly readiness: Readiness,
  ) {}

  @Get('live')
  @ApiOperation({
    operationId: 'live',
    summary: 'Is the process alive?',
    description: 'Says nothing about its dependencies on purpose: a database that is away is no reason to restart it.',
  })
  @ApiResponse({ status: 200, description: 'It answers.', schema: { example: { status: 'ok' } } })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({
    operationId: 'ready',
    summary: 'Is it ready for traffic?',
    description: 'Whether database and Redis answer, and the process is not stopping.',
  })
  @ApiResponse({ status: 200, description: 'Ready.', schema: { example: readyExample('up') } })
  @ApiResponse({
    status: 503,
    description: 'Not ready; `error` says what is missing.',
    schema: { example: readyExample('down') },
  })
  async ready(): Promise<HealthCheckResult> {
    return await this.health.check([
      () => this.indicate('accepting', this.readiness.accepting ? { up: true, ms: 0 } : { up: false, why: 'stopping' }),
      async () => this.indicate('database', await this.dependencies.database()),
      async () => this.indicate('redis', await this.dependencies.redis()),
    ]);
  }

  @Get()
  @ApiOperation({
    operationId: 'overview',
    summary: 'How is it doing?',
    description: 'For people: dependencies, and the circuit breakers of this one process.',
  })
  @ApiResponse({ status: 200, description: 'Always, whatever it says.', schema: { example: overviewExample } })
  async overview(): Promise<Record<string, unknown>> {
    const [database, redis] = await Promise.all([this.dependencies.database(), this.dependencies.redis()]);
    return { accepting: this.readiness.accepting, database, redis, circuits: this.dependencies.circuits() };
  }

  private indicate(key: string, state: DependencyState): HealthIndicatorResult {
    const check = this.indicator.check(key);
    return state.up ? check.up({ ms: state.ms }) : check.down({ why: state.why });
  }
}
