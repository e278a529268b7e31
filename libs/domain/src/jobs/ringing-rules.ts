/**
 * The queue holds only what is soon to be done: a few seconds' work of a few workers. Everything else waits in the
 * database, from where the sweep takes it in turns between accounts. So one account's flood is never in front of another
 * account's comment by more than this, and the queue's memory is bounded however large the backlog is.
 */
export const ringingRules = {
  /**
   * Rows of each kind that one sweep rings for, at most: few to begin with, more while the lanes are found empty at the
   * next sweep, that is while so many rows are a moment's work.
   */
  rowsPerSweep: { fewest: 100, most: 500 },
  /** Jobs that wait in a lane; with more the sweep leaves it alone, and so does what comes in. */
  laneIsFilledBy: 50,
  /** While there is more to be done than the sweep rang for, it looks again after so long whether a lane runs empty. */
  againAfterMs: 100,
  /** Comments of one account per second that are rung for as they come in; what is beyond is found by the sweep. */
  incomingPerSecond: 50,
} as const;
