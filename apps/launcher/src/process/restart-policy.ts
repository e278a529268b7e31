import { configExitCode } from '#infrastructure/config/config.js';

import { type ProcessEnd } from './process-end.js';

const firstDelayMs = 1_000;
const longestDelayMs = 30_000;
// Who ran this long was well; its next end is a new trouble.
const healthyMs = 60_000;
const configAttempts = 5;

/** How long to wait before a dead child is started again; a child that cannot like its configuration is given up. */
export class RestartPolicy {
  private delayMs = firstDelayMs;
  private configFailures = 0;

  /** @param livedMs how long the child ran */
  afterEnd(end: ProcessEnd, livedMs: number): { readonly delayMs: number } | 'give-up' {
    this.configFailures = end.code === configExitCode ? this.configFailures + 1 : 0;
    if (this.configFailures >= configAttempts) return 'give-up';
    if (livedMs >= healthyMs) this.delayMs = firstDelayMs;
    const { delayMs } = this;
    this.delayMs = Math.min(delayMs * 2, longestDelayMs);
    return { delayMs };
  }
}
