import type { QueueOptions, WorkerOptions } from 'bullmq';

/** All our keys in Redis start with this, so that one Redis may serve other programs too. */
const prefix = 'instachatico';

/** Ringing is a courtesy within a request: it gives up soon, the sweep makes up for it. */
export const ringWithinMs = 500;

/**
 * For those who ring: a Redis that is away must not hold up an acknowledgement, so nothing is queued in memory and
 * every command has a deadline.
 */
export function ringingOptions(redisUrl: string): QueueOptions {
  return {
    prefix,
    // The queue would ask for the version once, as it connects. If that one answer were late, BullMQ would refuse every
    // command of this queue for as long as the process lives. Those who work ask for it, and wait.
    skipVersionCheck: true,
    connection: {
      url: redisUrl,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      commandTimeout: ringWithinMs,
      connectTimeout: 3_000,
    },
    // The event stream is not read by us; left alone it would grow to ten thousand entries per queue.
    streams: { events: { maxLen: 1_000 } },
    defaultJobOptions: {
      // What happened stands in the ledger; a finished job would only block or slow its successors.
      removeOnComplete: true,
      removeOnFail: true,
      // One try: retries are decided in one place (PerformJob) and delayed there.
      attempts: 1,
    },
  };
}

/** For those who work: they wait for Redis as long as it takes. */
export function workingOptions(redisUrl: string, concurrency: number): WorkerOptions {
  return {
    prefix,
    connection: { url: redisUrl, maxRetriesPerRequest: null, connectTimeout: 3_000 },
    concurrency,
    // A job whose worker died holds up every ring for its row until it counts as stalled. So: no longer than the shortest
    // lease. A lock that is lost while the job goes on does no harm, for the same reason as below.
    lockDuration: 30_000,
    stalledInterval: 5_000,
    // BullMQ's default of 1 loses a job whose worker died twice. The row's lease and epoch decide what may still be
    // done, so a job may stall as often as workers die.
    maxStalledCount: 1_000,
  };
}
