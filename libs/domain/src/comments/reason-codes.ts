/** The steps of a comment's way, in their usual order. */
export const steps = ['receive', 'classify', 'triage', 'draft', 'send', 'moderate', 'notify', 'park'] as const;
export type Step = (typeof steps)[number];

interface Reason {
  readonly step: Step;
  /** What happened and why, for a person in a hurry. */
  readonly explanation: string;
}

/**
 * Why each step went as it did. A closed list: the ledger stores nothing else, dashboards group by it, and
 * "why did nothing happen?" is answered from it. A code that has been shipped keeps its meaning.
 */
export const reasons = {
  received: { step: 'receive', explanation: 'The comment arrived and is stored.' },
  'found-by-polling': {
    step: 'receive',
    explanation: 'The platform did not tell about the comment in time; it was found under the post and is stored.',
  },
  'imported-history': {
    step: 'receive',
    explanation:
      'The comment is from before the account was connected, or was found a week too late: kept, never answered.',
  },
  'own-comment': { step: 'receive', explanation: 'This is our own comment coming back; it is never answered.' },
  'account-not-served': {
    step: 'receive',
    explanation: 'The comment belongs to an account that is not connected here.',
  },

  classified: { step: 'classify', explanation: 'The comment was understood.' },
  'classified-after-repair': {
    step: 'classify',
    explanation: 'The first model answer did not fit the schema; the repaired one did.',
  },
  'classified-as-before': {
    step: 'classify',
    explanation:
      'The same words under the same post were understood within the last hour: their verdict is taken over.',
  },

  'left-visible': { step: 'triage', explanation: 'The policy asks for nothing here: the comment stays as it is.' },
  'auto-reply': { step: 'triage', explanation: 'The policy answers such comments when the answer is grounded.' },
  'auto-reply-unsure': {
    step: 'triage',
    explanation: 'The verdict is below the confidence for automatic answers: a draft is written for a person.',
  },
  'draft-for-operator': { step: 'triage', explanation: 'The policy wants a person to decide: a draft is written.' },
  'hide-confident': { step: 'triage', explanation: 'The policy hides such comments, and the verdict is confident.' },
  'hide-unsure': {
    step: 'triage',
    explanation: 'The verdict is below the confidence for hiding: hiding is suggested to a person.',
  },
  'hide-suggested': { step: 'triage', explanation: 'The policy suggests hiding such comments; a person decides.' },
  'operators-alerted': { step: 'triage', explanation: 'The policy tells operators about such comments.' },

  drafted: { step: 'draft', explanation: 'An answer was written from the knowledge it cites and passed every check.' },
  'draft-waits': { step: 'draft', explanation: 'A draft was written and waits for a person.' },
  'no-knowledge': { step: 'draft', explanation: 'Nothing in the knowledge fits the question; a person should answer.' },
  'model-abstained': {
    step: 'draft',
    explanation: 'The passages that were found do not answer the question; a person should answer.',
  },
  'model-refused': { step: 'draft', explanation: 'The model declined to write an answer; a person should answer.' },
  'answer-unreadable': {
    step: 'draft',
    explanation: 'The model answered in a shape that we do not accept; a person should answer.',
  },
  'gate-sources': {
    step: 'draft',
    explanation: 'The answer cites nothing that was retrieved; a person must look at it.',
  },
  'gate-length': {
    step: 'draft',
    explanation: 'The answer is empty or too long to publish; a person must look at it.',
  },
  'gate-characters': {
    step: 'draft',
    explanation: 'The answer has control, direction or markup characters; a person must look at it.',
  },
  'gate-contact': {
    step: 'draft',
    explanation: 'The answer has a link, phone, e-mail, card number or mention that no source has.',
  },
  'gate-figure': {
    step: 'draft',
    explanation: 'The answer has a price, percentage, date, time or promo code that no source has.',
  },
  'gate-language': { step: 'draft', explanation: 'The answer is not in the language of the question.' },
  'gate-prompt': { step: 'draft', explanation: 'The answer repeats our own instructions; a person must look at it.' },

  'reply-sending': {
    step: 'send',
    explanation: 'The reply is on its way; from here on it is never sent blindly again.',
  },
  'reply-sent': { step: 'send', explanation: 'The reply is published.' },
  'reply-confirmed-by-echo': {
    step: 'send',
    explanation: 'The platform told us about our own reply: it is published.',
  },
  'reply-found-by-listing': {
    step: 'send',
    explanation: 'It was unclear whether the reply went out; the thread shows that it did.',
  },
  'reply-unclear': {
    step: 'send',
    explanation: 'The platform gave no clear answer; we look into the thread before doing anything.',
  },
  'reply-not-found-yet': { step: 'send', explanation: 'The thread does not show our reply yet; we look again later.' },
  'reply-send-again': {
    step: 'send',
    explanation: 'Three looks over two minutes did not find the reply: it may be sent once more, for the last time.',
  },
  'reply-look-first': {
    step: 'send',
    explanation: 'The second try was held up for minutes: the thread is looked into once more before it is made.',
  },
  'reply-dry-run': { step: 'send', explanation: 'REPLIES_DRY_RUN is on: the reply was not published.' },
  'reply-target-gone': { step: 'send', explanation: 'The comment no longer exists; there is nothing to answer.' },
  'reply-target-hidden': {
    step: 'send',
    explanation: 'The comment was hidden meanwhile; the platform takes no public reply to a hidden comment.',
  },
  'private-reply-written': {
    step: 'send',
    explanation: 'An operator wrote a private reply to the comment\u2019s author.',
  },
  'private-reply-too-late': {
    step: 'send',
    explanation: 'The comment is older than seven days: the platform takes no private reply to it any more.',
  },
  'private-reply-impossible': { step: 'send', explanation: 'This platform knows no private replies.' },
  'two-replies-found': {
    step: 'send',
    explanation: 'The same reply of ours stands twice in the thread; the later one is removed.',
  },
  'second-reply-removed': { step: 'send', explanation: 'The later of the two equal replies is gone; one stands.' },
  'audit-given-up': {
    step: 'send',
    explanation: 'It could not be made sure that the reply stands once only; a person should look at the thread.',
  },

  hidden: {
    step: 'moderate',
    explanation: 'The comment is hidden; only its author and the author\u2019s friends see it.',
  },
  unhidden: { step: 'moderate', explanation: 'The comment is visible to everybody again.' },
  deleted: { step: 'moderate', explanation: 'The comment is deleted for good, with the replies under it.' },
  'moderation-requested': { step: 'moderate', explanation: 'An operator decided about the comment\u2019s visibility.' },
  'moderation-dry-run': {
    step: 'moderate',
    explanation: 'REPLIES_DRY_RUN is on: nothing was changed at the platform.',
  },
  'moderation-target-gone': {
    step: 'moderate',
    explanation: 'The comment no longer exists; there is nothing to change.',
  },
  'moderation-impossible': { step: 'moderate', explanation: 'This platform does not offer that.' },
  'hide-dry-run': { step: 'moderate', explanation: 'REPLIES_DRY_RUN is on: the comment was not hidden.' },
  'hide-target-gone': { step: 'moderate', explanation: 'The comment no longer exists; there is nothing to hide.' },

  'operators-told': { step: 'notify', explanation: 'Operators got a message.' },
  'no-operator-channel': {
    step: 'notify',
    explanation: 'No operators\u2019 channel is set up: see TG_TOKEN and TG_CHAT_ID.',
  },

  'waits-after-failure': { step: 'park', explanation: 'A try failed; the next one comes by itself.' },
  'waits-for-limit': {
    step: 'park',
    explanation: 'A limit of a vendor or of ours is reached; it goes on when the limit allows, no try is spent.',
  },
  'waits-for-access': {
    step: 'park',
    explanation:
      'A vendor no longer accepts our access (token, key, model or chat). It goes on by itself when that is put right.',
  },
  // Stands in older ledgers only: a blocked account is paused now.
  'waits-for-platform': {
    step: 'park',
    explanation: 'The platform has blocked actions of this account for a while; it goes on after a long pause.',
  },
  'waits-for-resume': {
    step: 'park',
    explanation:
      'The account, the post or everything is paused; what customers would see goes on within seconds of the resume.',
  },
  'waits-for-quota': {
    step: 'park',
    explanation: 'The vendor\u2019s quota or budget is used up; it goes on after somebody raised it.',
  },
  'waits-for-model': {
    step: 'park',
    explanation:
      'The model\u2019s server refuses comment after comment: that is its settings, not this comment. It goes on by itself.',
  },

  'parked-tries-used-up': { step: 'park', explanation: 'Every try failed; the last error says why. A person decides.' },
  'parked-model-output': { step: 'park', explanation: 'The model\u2019s answer stayed unusable after one repair.' },
  'parked-model-refusal': { step: 'park', explanation: 'The model declined to classify the comment.' },
  'parked-forbidden': { step: 'park', explanation: 'A right or scope is missing at the vendor.' },
  'parked-rejected': { step: 'park', explanation: 'The vendor refuses this request for good.' },
  'retried-by-operator': { step: 'park', explanation: 'An operator sent it on its way again.' },
  'parked-unclear': {
    step: 'park',
    explanation: 'It cannot be found out whether the reply was published; a person must look at the thread.',
  },
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof reasons;

/** One line of the ledger, before it is stored. */
export interface NewDecision {
  readonly reason: ReasonCode;
  /** Figures and names that make the reason concrete; never secrets, never another customer's data. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Who decided; the system when nothing is said. */
  readonly actor?: 'operator';
}

export function decide(reason: ReasonCode, detail?: Readonly<Record<string, unknown>>): NewDecision {
  return detail === undefined ? { reason } : { reason, detail };
}

/** As `decide`, for what a person wanted. */
export function decidedByOperator(reason: ReasonCode, detail: Readonly<Record<string, unknown>>): NewDecision {
  return { reason, detail, actor: 'operator' };
}
