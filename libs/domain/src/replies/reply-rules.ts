/** Protocol of the reply that is visible exactly once; the figures and their reasons are in README, "Decisions". */
export const sendingRules = {
  /** An unclear reply is not looked for earlier: the platform shows it with a delay. */
  firstLookAfterMs: 15_000,
  /** Between the further looks: with three of them the last one is more than two minutes after the try. */
  nextLookAfterMs: 55_000,
  emptyListingsBeforeResend: 3,
  /** A second try that was held up for longer (a pause, a backlog) is looked for once more before it is made. */
  lastLookHoldsMs: 300_000,
  /** One resend, then a person looks. */
  maxAttempts: 2,
  /**
   * How long after the sending was begun the platform may still be called. With the call's own deadline (12 s) this stays
   * within the lease (30 s): a process that was paused longer may no longer be alone with this reply.
   */
  callWithinMs: 10_000,
  /** How much earlier than our own start of the try the platform's clock may have stamped the reply. */
  clockToleranceMs: 60_000,
} as const;

/** What a published answer may look like. */
export const replyLimits = {
  /** Characters (code points) asked of the model. */
  target: 300,
  /** Characters (code points) above which nothing is published; the platform allows more, readers do not. */
  hard: 900,
} as const;
