import type { AlertContent, AlertDigest } from './alert.js';

/** The operators' channel. */
export abstract class Notifier {
  /**
   * @returns the channel's id of the message, or undefined when no channel is set up
   * @throws AppError 'unavailable' | 'rate-limited' | 'misconfigured' | 'rejected' | 'ambiguous'
   */
  abstract tell(content: AlertContent): Promise<string | undefined>;
  /** Several comments in one message; as `tell`. */
  abstract tellTogether(digest: AlertDigest): Promise<string | undefined>;
}
