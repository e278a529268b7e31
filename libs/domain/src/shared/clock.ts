/** Wall time and chance, handed in so that rules can be tested. Leases and windows use database time, not this. */
export abstract class Clock {
  abstract now(): Date;
  /** 0 ≤ x < 1 */
  abstract random(): number;
}
