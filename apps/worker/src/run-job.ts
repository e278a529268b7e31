import type { Logger } from 'pino';
import { handleJob, refOf, type JobHandlers, type JobRequest, type Progress } from '#domain/jobs/job-catalog.js';
import { kindOf } from '#domain/shared/errors.js';
import type { Lease } from '#domain/work/lease.js';
import { PerformJob, type JobResult } from '#use-cases/work/perform-job.js';
import type { LaneResult } from '#infrastructure/queue/lane-processor.js';
import { withTrace } from '#infrastructure/telemetry/logger.js';
import type { Metrics } from '#infrastructure/telemetry/metrics.js';

/** One job of the queue: through PerformJob to its handler, with the comment's trace id on every line. */
export class RunJob {
  constructor(
    private readonly performJob: PerformJob,
    private readonly handlers: JobHandlers,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {}

  async run(request: JobRequest): Promise<LaneResult> {
    const began = performance.now();
    const result = await this.performJob.execute(request, async (lease) => await this.handle(request, lease));
    const failure = result.kind === 'later' || result.kind === 'parked' ? result.error : undefined;
    this.metrics.step({
      job: request.name,
      result: result.kind,
      error: failure === undefined ? 'none' : kindOf(failure),
      seconds: (performance.now() - began) / 1_000,
    });
    this.tell(request, result);
    return result.kind === 'later' ? { kind: 'later', delayMs: result.delayMs } : { kind: 'finished' };
  }

  private async handle(request: JobRequest, lease: Lease): Promise<Progress> {
    const { traceId, commentId } = lease;
    return await withTrace({ traceId, commentId, job: request.name }, async () => {
      const progress = await handleJob(this.handlers, request, lease);
      this.logger.info({ epoch: lease.epoch, progress }, 'A step is done.');
      return progress;
    });
  }

  private tell(request: JobRequest, result: JobResult): void {
    const about = { job: request.name, row: refOf(request).id };
    if (result.kind === 'skipped' && result.error !== undefined) {
      this.logger.warn({ ...about, err: result.error }, `Not now: ${result.why}.`);
    }
    if (result.kind === 'parked') this.logger.error({ ...about, err: result.error }, 'Parked: a person must look.');
    if (result.kind !== 'later' || result.error === undefined) return;
    const level = kindOf(result.error) === 'bug' ? 'error' : 'warn';
    this.logger[level]({ ...about, delayMs: result.delayMs, err: result.error }, 'A step failed; it is tried again.');
  }
}
