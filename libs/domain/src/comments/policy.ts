import type { CommentClass } from './verdict.js';

/** `auto`: published when confident and grounded, else a draft · `draft`: a person decides · `off`: nothing. */
export type ReplyMode = 'auto' | 'draft' | 'off';
/** `auto`: hidden when confident, else suggested · `suggest`: a person decides · `off`: stays visible. */
export type HideMode = 'auto' | 'suggest' | 'off';

export interface ClassPolicy {
  readonly reply: ReplyMode;
  readonly hide: HideMode;
  readonly alert: boolean;
}

export interface Policy {
  readonly classes: Readonly<Record<CommentClass, ClassPolicy>>;
  /** Least confidence (0 to 100) for publishing without a person. */
  readonly replyFrom: number;
  /** Least confidence (0 to 100) for hiding without a person: hiding a customer wrongly costs more than answering. */
  readonly hideFrom: number;
}

const nothing: ClassPolicy = { reply: 'off', hide: 'off', alert: false };
const tell: ClassPolicy = { ...nothing, alert: true };
const draftAndTell: ClassPolicy = { reply: 'draft', hide: 'off', alert: true };
const hideAndTell: ClassPolicy = { reply: 'off', hide: 'auto', alert: true };

export const presetNames = ['balanced', 'careful', 'classic'] as const;
export type PresetName = (typeof presetNames)[number];

/** What an account wants done per class; `balanced` is the default, `classic` does what the predecessor did. */
export const presets: Readonly<Record<PresetName, Policy>> = {
  balanced: {
    classes: {
      positive: nothing,
      critical: draftAndTell,
      urgent: draftAndTell,
      question: { ...nothing, reply: 'auto' },
      partnership: tell,
      toxic: { ...nothing, hide: 'auto' },
      spam: { ...nothing, hide: 'suggest' },
    },
    replyFrom: 70,
    hideFrom: 85,
  },
  careful: {
    classes: {
      positive: nothing,
      critical: draftAndTell,
      urgent: draftAndTell,
      question: { ...nothing, reply: 'draft' },
      partnership: tell,
      toxic: { ...nothing, hide: 'suggest' },
      spam: nothing,
    },
    replyFrom: 100,
    hideFrom: 100,
  },
  classic: {
    classes: {
      positive: nothing,
      critical: hideAndTell,
      urgent: hideAndTell,
      question: { ...nothing, reply: 'auto' },
      partnership: tell,
      toxic: { ...nothing, hide: 'auto' },
      spam: nothing,
    },
    replyFrom: 0,
    hideFrom: 0,
  },
};
