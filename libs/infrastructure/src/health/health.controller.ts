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

  get accepting(): boolean {
    return !this.stopping;
  }

  beforeApplicationShutdown(): void {
    this.stopping = true;
  }
}

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
    summary: 'Alive?',
    description: 'The process answers. Says nothing about its dependencies on purpose.',
  })
  @ApiResponse({ status: 200 })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Ready for traffic?', description: 'Database and Redis answer, and we are not stopping.' })
  @ApiResponse({ status: 200 })
  @ApiResponse({ status: 503 })
  async ready(): Promise<HealthCheckResult> {
    return await this.health.check([
      () => this.indicate('accepting', this.readiness.accepting ? { up: true, ms: 0 } : { up: false, why: 'stopping' }),
      async () => this.indicate('database', await this.dependencies.database()),
      async () => this.indicate('redis', await this.dependencies.redis()),
    ]);
  }

  @Get()
  @ApiOperation({
    summary: 'How are things?',
    description: 'For people: dependencies, and the circuit breakers of this one process. Always 200.',
  })
  @ApiResponse({ status: 200 })
  async overview(): Promise<Record<string, unknown>> {
    const [database, redis] = await Promise.all([this.dependencies.database(), this.dependencies.redis()]);
    return { accepting: this.readiness.accepting, database, redis, circuits: this.dependencies.circuits() };
  }

  private indicate(key: string, state: DependencyState): HealthIndicatorResult {
    const check = this.indicator.check(key);
    return state.up ? check.up({ ms: state.ms }) : check.down({ why: state.why });
  }
}
