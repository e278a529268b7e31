import type { Clock } from '#domain/shared/clock.js';

/** Time that passes only when told to. */
export class VirtualClock implements Clock {
  ms = 1_790_000_000_000;

  now(): Date {
    return new Date(this.ms);
  }

  elapsedMs(): number {
    return this.ms;
  }

  random(): number {
    return 0.5;
  }

  pass(ms: number): void {
    this.ms += ms;
  }
}
