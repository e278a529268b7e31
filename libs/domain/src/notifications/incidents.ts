interface IncidentKind {
  /** What happened and what it means for customers, in one sentence. */
  readonly what: string;
  /** What the operator should do, in one sentence. */
  readonly next: string;
}

/**
 * What operators hear about the system itself, as opposed to single comments. A closed list: each is told once when it
 * begins and once when it is over, however many processes notice it and however often.
 */
export const incidentKinds = {
  'upstream-away': {
    what: 'A vendor fails again and again; work that needs it waits and is not lost.',
    next: 'Look at the vendor\u2019s status page. It goes on by itself when the vendor answers again.',
  },
  'database-away': {
    what: 'The database does not answer; nothing is processed, and Meta keeps new comments for us for 36 hours.',
    next: 'Bring it back. Nothing else has to be done.',
  },
  'queue-away': {
    what: 'The queue does not answer; comments are stored and wait.',
    next: 'Bring it back, empty or not: what is due is rung for again within seconds.',
  },
  'access-refused': {
    what: 'A vendor refuses our key, model or chat; work that needs it waits.',
    next: 'Put the setting right and restart.',
  },
  'quota-used-up': {
    what: 'Money or quota at the model\u2019s vendor is used up; comments wait.',
    next: 'Raise the limit or pay the bill at the vendor. It goes on by itself.',
  },
  'model-missing': {
    what: 'A model of the settings does not exist at its vendor, or not for our key; what needs it waits, or another model does it.',
    next: 'Put the model\u2019s name in the settings right and restart.',
  },
  'model-retiring': {
    what: 'The vendor ends a model of the settings.',
    next: 'Choose its successor before that day: compare both first, then change the setting and restart.',
  },
  'budget-nearly-spent': {
    what: 'The account has spent 70 % of what it may spend on models today.',
    next: 'Nothing has to be done: when all of it is spent, comments wait for people until the next day (UTC). Raise the budget if they should not.',
  },
  'budget-spent': {
    what: 'The account has spent its money for models today: rules act, everything else is left to people until the next day (UTC).',
    next: 'Look at what waits for a person, or raise the budget of the account: it takes effect at once.',
  },
  'author-budget-spent': {
    what: 'One author or several have used up what one author\u2019s comments may cost in a day; only theirs are left to people.',
    next: 'Look at what they write; block them at the platform if it is abuse.',
  },
  'account-disconnected': {
    what: 'The platform no longer accepts the account\u2019s token; its replies wait, other accounts go on.',
    next: 'Connect the account again with a new token.',
  },
  'account-blocked': {
    what: 'The platform blocks actions of the account for a while; its replies wait.',
    next: 'Look into the platform\u2019s app for a warning. Sending resumes by itself, slowly.',
  },
  'token-expiring': {
    what: 'The account\u2019s token expires soon.',
    next: 'Connect the account again before that day.',
  },
  'token-not-refreshed': {
    what: 'The account\u2019s token could not be extended.',
    next: 'If this stays until the token is a week from its end, connect the account again.',
  },
  'subscription-lost': {
    what: 'The account is not subscribed to comments any more: the platform sends none.',
    next: 'It is subscribed again by itself; if this message comes back, look at the app\u2019s rights.',
  },
  'events-missing': {
    what: 'Comments were found on posts that the platform never told us about.',
    next: 'Look at the webhook in the platform\u2019s app dashboard: address, and whether it is enabled.',
  },
  'two-replies': {
    what: 'Two replies of ours stood under one comment; the later one was removed.',
    next: 'Look at the thread, and please report how it happened.',
  },
  'indexing-stuck': {
    what: 'Uploaded documents are not processed, or fail again and again; what was in use before stays in use.',
    next: 'Look at the documents that are not ready: they say why. See that a worker runs, and that the store of files answers.',
  },
  'vectors-missing': {
    what: 'No vectors can be made with the model of the settings: new knowledge is found by its words only.',
    next: 'Put the model for vectors, and their length, right in the settings and restart.',
  },
  'backlog-old': {
    what: 'Comments wait longer than they should.',
    next: 'Look at the open incidents and at the worker; more workers help when none is open.',
  },
} as const satisfies Record<string, IncidentKind>;
export type IncidentName = keyof typeof incidentKinds;

export interface NewIncident {
  readonly kind: IncidentName;
  /** What it is about: an account's id, a vendor's kind of call. One incident per kind and subject is open at a time. */
  readonly subject: string;
  /** For people: names, figures, days. Never secrets, never a customer's words. */
  readonly detail?: Readonly<Record<string, string | number>>;
}

export interface Incident extends NewIncident {
  readonly id: string;
  readonly openedAt: Date;
  readonly closedAt: Date | undefined;
}

/** The book of what operators must know about the system. */
export abstract class Incidents {
  /**
   * Begins it, unless it is open already; operators are told. Safe to call from every process, at every failure: an open
   * one only notes, every other second at most, that it was seen again, with the newest figures.
   */
  abstract open(incident: NewIncident): Promise<void>;
  /**
   * Ends it, if it is open; operators are told that it is over.
   * @param unseenForMs it stays open while anybody has seen it within this time: what flaps is one incident, not many
   */
  abstract close(kind: IncidentName, subject: string, unseenForMs?: number): Promise<void>;
  /** Open ones first, then the newest. */
  abstract list(limit: number): Promise<readonly Incident[]>;
  abstract allOpen(): Promise<readonly Incident[]>;
}

/** How much is waiting for something that is away, for an incident's `detail`. */
export interface Backlog {
  readonly comments: number;
  readonly oldestMs: number;
}

const waiting = 'comments waiting';
const oldest = 'oldest waits';

/** Nothing is said where nothing waits. */
export function backlogFigures({ comments, oldestMs }: Backlog): Readonly<Record<string, string | number>> {
  if (comments === 0) return {};
  const seconds = Math.max(0, Math.round(oldestMs / 1_000));
  return { [waiting]: comments, [oldest]: seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min` };
}

/** What had gathered until it was over, for people; undefined where nothing had. */
export function backlogLeft({ detail = {} }: Pick<NewIncident, 'detail'>): string | undefined {
  const comments = detail[waiting];
  if (comments === undefined) return undefined;
  return `${comments} comments had gathered, the oldest waited ${detail[oldest]}. They are being caught up with.`;
}
