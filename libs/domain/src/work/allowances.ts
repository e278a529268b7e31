import { type Duration, toMs } from './backoff.js';

interface LimitRule {
  /** Any stretch of time that is so long holds no more than allowed. */
  readonly per: Duration;
  /** What is allowed when nobody says otherwise; undefined means that only a setting limits it. */
  readonly usually: number | undefined;
  /** What is counted, and whose: for people. */
  readonly what: string;
}

/** Everything that is done only so often, counted over all workers together. The settings that change it are in `.env.example`. */
export const limitRules = {
  // The platform's own figure is for private replies; kept for public ones too, where it gives only percentages.
  'replies-of-account': { per: '1h', usually: 750, what: 'public replies of one account' },
  'private-replies-of-account': { per: '1h', usually: 750, what: 'private replies of one account' },
  // Nobody needs more answers than that; whoever asks for them wants to see how far we go.
  'replies-to-author': { per: '10m', usually: 5, what: 'replies to one author' },
  'replies-in-thread': { per: '24h', usually: 10, what: 'replies in one thread' },
  // Telegram takes about twenty a minute in a group, whatever they are about.
  'messages-to-operators': { per: '1m', usually: 18, what: 'messages to the operators\u2019 chat' },
  // More than these, or several that wait, go into one message with counts: nobody reads a flood.
  'alerts-alone': { per: '1m', usually: undefined, what: 'alerts with a message of their own' },
  'alerts-together': { per: '12s', usually: 1, what: 'messages about several comments' },
  // Two machines that answer each other stop here: what is beyond it waits for a person.
  'bot-replies-in-thread': { per: '24h', usually: 3, what: 'replies in one thread that no person decided on' },
  // Said twice in one thread it is no longer polite.
  'fallbacks-in-thread': { per: '24h', usually: 1, what: 'fallback texts in one thread' },
  'model-requests': { per: '1m', usually: undefined, what: 'requests to the model' },
  'model-tokens': { per: '1m', usually: undefined, what: 'tokens to and from the model, as estimated before' },
} as const satisfies Record<string, LimitRule>;
export type LimitName = keyof typeof limitRules;
export const limitNames = Object.keys(limitRules) as readonly LimitName[]; // keys of a closed record

/** A window is counted in so many slots: 62 small rows tell how full it is, however much was done. */
const slotsPerWindow = 60;

/** How a limit is counted, in milliseconds. */
export interface Window {
  readonly windowMs: number;
  readonly slotMs: number;
  /**
   * For how long a slot counts from its beginning. The slot that is only partly in the window counts whole, so that no
   * window is ever exceeded; and one slot more, for what was allowed and is still on its way to the vendor.
   */
  readonly countsMs: number;
}

export function windowOf(limit: LimitName): Window {
  const windowMs = toMs(limitRules[limit].per);
  const slotMs = windowMs / slotsPerWindow;
  return { windowMs, slotMs, countsMs: windowMs + 2 * slotMs };
}

/** Something that is about to be done and counts against one limit. */
export interface Use {
  readonly limit: LimitName;
  /** Whose it is: an account's id, an author, a thread, the model. A hold on the same name stops it. */
  readonly of: string;
  /** How much it uses; more than `most` counts as `most`, so that it can be done at all. */
  readonly amount: number;
  /** How much is allowed, at least 1. */
  readonly most: number;
}

/** Why nothing may be done for a while although no limit of ours is reached. */
export const holdReasons = ['vendor-asked', 'quota-used-up'] as const;
export type HoldReason = (typeof holdReasons)[number];

export interface Hold {
  readonly ms: number;
  readonly why: HoldReason;
}

export type Taken =
  | { readonly kind: 'granted' }
  /** Nothing was taken. Asking again is worth while after so long. */
  | { readonly kind: 'wait'; readonly ms: number; readonly limit: LimitName | HoldReason | 'slowed-down' };

/** How what the vendor says about our use of its limits slows us down. */
export const pacing = {
  /** Percent of the vendor's limit from which on we slow down. */
  fromPercent: 80,
  /** Between two uses at that percentage. */
  shortestGapMs: 1_000,
  /** With every so many percent more the gap doubles: 1 s at 80 %, 8 s at 92 %, 32 s at 100 %. */
  doublesEveryPercent: 4,
  /** The vendor's figures fall within minutes when we do less; ours are forgotten when none come any more. */
  lastsMs: toMs('15m'),
  /** Whoever is not next comes back no sooner: a thousand that wait would otherwise ask all the time. */
  comeBackMs: toMs('10s'),
} as const;

/** Milliseconds between two uses; undefined when there is no need to slow down. */
export function gapAt(percent: number): number | undefined {
  if (percent < pacing.fromPercent) return undefined;
  const doublings = (Math.min(percent, 100) - pacing.fromPercent) / pacing.doublesEveryPercent;
  return Math.round(pacing.shortestGapMs * 2 ** doublings);
}

/** What may be done how often: one book for all workers, by the database's time. It outlives every process and queue. */
export abstract class Allowances {
  /** Takes all uses or none. Never lets more through than each limit allows, whoever asks at once. */
  abstract take(uses: readonly Use[]): Promise<Taken>;
  /**
   * What was taken and not used after all counts no more.
   * @param takenWithinMs how long ago it was asked for, at most: of what was taken since then the oldest goes, so that no
   * window is exceeded whoever took what
   */
  abstract giveBack(uses: readonly Use[], takenWithinMs: number): Promise<void>;
  /** Nothing is granted to this name until then; a longer hold that stands already stays. */
  abstract hold(of: string, forMs: number, why: HoldReason): Promise<void>;
  /** The hold that stands on this name, if any. */
  abstract held(of: string): Promise<Hold | undefined>;
  /** The vendor counts us at so many percent of its limit: uses of this name keep a distance, or no longer do. */
  abstract slowDown(of: string, percent: number): Promise<void>;
}
