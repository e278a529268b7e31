import type { Incident, NewIncident } from './incidents.js';

/** One thing to say about one incident. */
export interface IncidentNotice {
  readonly incident: Incident;
  /** `over`: its beginning was told · `was`: it ended before anybody could be told, so this is the only word about it. */
  readonly stage: 'began' | 'over' | 'was';
  /** True when an earlier try may already have been seen. */
  readonly maybeRepeated: boolean;
  /** Of the claim; whoever was too slow holds an old one. */
  readonly epoch: number;
}

/** What of the book still has to be told. All times are the database's. */
export abstract class IncidentTelling {
  /**
   * Takes what is due, the oldest first, for one message; nothing while another message went out a moment ago, whoever
   * sent it: so many processes together stay within what a chat takes. That it may be told is committed with the claim.
   */
  abstract claim(limit: number, forMs: number): Promise<readonly IncidentNotice[]>;
  abstract recordTold(notices: readonly IncidentNotice[]): Promise<void>;
  /** @param maybeSeen the channel did not say whether it was sent */
  abstract recordNotTold(notices: readonly IncidentNotice[], afterMs: number, maybeSeen: boolean): Promise<void>;
  /** Writes down what was told past the book, because the book was away, and is over now; its end is told as usual. */
  abstract recordToldDirectly(incident: NewIncident, openedAt: Date): Promise<void>;
}

/** The operators' channel, for messages about the system itself. */
export abstract class IncidentNotifier {
  /**
   * All notices in one message.
   * @returns the channel's id of the message, or undefined when no channel is set up
   * @throws AppError as Notifier.tell
   */
  abstract tellIncidents(notices: readonly IncidentNotice[]): Promise<string | undefined>;
}
