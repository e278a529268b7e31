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
import { lanes, type Lane } from '#domain/jobs/job-catalog.js';
import type { WorkOverview } from '../postgres/work-overview.js';
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

/** What must answer so that this program can do its work. */
export type NeededDependency = 'database' | 'redis';
export const NEEDED_TO_BE_READY = Symbol('needed to be ready');

// What the document shows; the shape of the first is Terminus's.
function readyExample(database: 'up' | 'down'): object {
  const up = { accepting: { status: 'up', ms: 0 } };
  if (database === 'up') {
    const info = { ...up, database: { status: 'up', ms: 2 } };
    return { status: 'ok', info, error: {}, details: info };
  }
  const error = { database: { status: 'down', why: 'no answer within 1000 ms or refused' } };
  return { status: 'error', info: up, error, details: { ...up, ...error } };
}

const overviewExample = {
  accepting: true,
  database: { up: true, ms: 2 },
  redis: { up: true, ms: 1 },
  circuits: [{ name: 'openai answer', state: 'closed' }],
  lanes: { thinking: { waiting: 0, active: 2, delayed: 0, dueRows: 2, oldestDueMs: 140 } },
  oldestUndecidedMs: 900,
  openIncidents: 0,
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
    @Inject(NEEDED_TO_BE_READY) private readonly needed: readonly NeededDependency[],
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
    description:
      'Whether what it cannot do without answers, and the process is not stopping. The api needs the database only: ' +
      'without Redis deliveries are stored all the same. The worker needs both.',
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
      ...this.needed.map((name) => async () => this.indicate(name, await this.dependencies[name]())),
    ]);
  }

  @Get()
  @ApiOperation({
    operationId: 'overview',
    summary: 'How is it doing?',
    description:
      'For people: dependencies, what waits in each lane and for how long, open incidents, and the circuit breakers of ' +
      'this one process. What cannot be asked now is null.',
  })
  @ApiResponse({ status: 200, description: 'Always, whatever it says.', schema: { example: overviewExample } })
  async overview(): Promise<Record<string, unknown>> {
    const { dependencies } = this;
    const [database, redis, work, depths] = await Promise.all([
      dependencies.database(),
      dependencies.redis(),
      dependencies.work(),
      dependencies.lanes(),
    ]);
    const openIncidents = work && Object.values(work.openIncidents).reduce((sum, figure) => sum + figure, 0);
    return {
      accepting: this.readiness.accepting,
      database,
      redis,
      circuits: dependencies.circuits(),
      lanes: Object.fromEntries(lanes.map((lane) => [lane, { ...depths?.[lane], ...(work && dueIn(lane, work)) }])),
      oldestUndecidedMs: work?.oldestUndecidedMs ?? null,
      openIncidents: openIncidents ?? null,
    };
  }

  private indicate(key: string, state: DependencyState): HealthIndicatorResult {
    const check = this.indicator.check(key);
    return state.up ? check.up({ ms: state.ms }) : check.down({ why: state.why });
  }
}

/** How much of a lane's work should have been taken by now, and since when the oldest: that tells more than a number. */
function dueIn(lane: Lane, { open }: WorkOverview): { readonly dueRows: number; readonly oldestDueMs: number } {
  const own = open.filter((rows) => rows.lane === lane && rows.due > 0);
  return {
    dueRows: own.reduce((sum, { due }) => sum + due, 0),
    oldestDueMs: Math.round(Math.max(0, ...own.map(({ oldestDueMs }) => oldestDueMs))),
  };
}
