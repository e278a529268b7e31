/** Wall time and chance, handed in so that rules can be tested. Leases and windows use database time, not this. */
export abstract class Clock {
  abstract now(): Date;
  /** Milliseconds of a clock that only goes forward, for measuring how long something took. */
  abstract elapsedMs(): number;
  /** 0 ≤ x < 1 */
  abstract random(): number;
}
