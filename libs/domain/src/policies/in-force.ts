import { presets, type ClassPolicy, type HideMode, type Policy, type ReplyMode } from '../comments/policy.js';
import { commentClassNames, type CommentClass } from '../comments/verdict.js';
import type { MediaId } from '../shared/ids.js';
import { isWithin } from './hours.js';
import type { PolicyChanges, PolicySettings } from './settings.js';

/** A policy, and what made it so. */
export interface PolicyInForce {
  readonly policy: Policy;
  /** The window in which it is decided. */
  readonly window?: string;
  readonly post?: MediaId;
}

/**
 * The account's policy, changed by the window in which the moment lies, and that by the post: what is said of less holds
 * before what is said of more.
 */
export function policyFor(settings: PolicySettings, mediaId: MediaId | undefined, at: Date): PolicyInForce {
  const { timeZone, windows, posts } = settings;
  const window = windows.find((each) => isWithin(each, timeZone, at));
  const post = posts.find((each) => each.mediaId === mediaId);
  let policy = policyOfAccount(settings);
  if (window) policy = changed(policy, window.changes);
  if (post) policy = changed(policy, post.changes);
  return { policy, ...(window && { window: window.name }), ...(post && { post: post.mediaId }) };
}

export function policyOfAccount({ preset, changes }: Pick<PolicySettings, 'preset' | 'changes'>): Policy {
  return changed(presets[preset], changes);
}

export function changed(policy: Policy, changes: PolicyChanges): Policy {
  const { preset, classes = {}, replyFrom, hideFrom, atMost = {} } = changes;
  const below = preset === undefined ? policy : presets[preset];
  const wanted = (name: CommentClass): ClassPolicy => {
    const { reply, hide, alert } = below.classes[name];
    const change = classes[name];
    return {
      reply: cappedReply(change?.reply ?? reply, atMost.reply),
      hide: cappedHide(change?.hide ?? hide, atMost.hide),
      alert: change?.alert ?? alert,
    };
  };
  return {
    classes: {
      positive: wanted('positive'),
      critical: wanted('critical'),
      urgent: wanted('urgent'),
      question: wanted('question'),
      partnership: wanted('partnership'),
      toxic: wanted('toxic'),
      spam: wanted('spam'),
    },
    replyFrom: replyFrom ?? below.replyFrom,
    hideFrom: hideFrom ?? below.hideFrom,
  };
}

function cappedReply(mode: ReplyMode, cap: 'draft' | 'off' | undefined): ReplyMode {
  if (cap === undefined || mode === 'off') return mode;
  return cap;
}

function cappedHide(mode: HideMode, cap: 'suggest' | 'off' | undefined): HideMode {
  if (cap === undefined || mode === 'off') return mode;
  return cap;
}

/** Classes for which something holds. */
export function classesWhere(policy: Policy, holds: (wanted: ClassPolicy) => boolean): readonly CommentClass[] {
  return commentClassNames.filter((name) => holds(policy.classes[name]));
}
