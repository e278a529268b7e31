/** The steps of a comment's way, in their usual order. */
export const steps = ['receive', 'classify', 'triage', 'draft', 'send', 'moderate', 'notify', 'park'] as const;
export type Step = (typeof steps)[number];

interface Reason {
  readonly step: Step;
  /** What happened and why, for a person in a hurry. */
  readonly explanation: string;
  /** What a person should do now, as a second sentence for the same person. */
  readonly todo: string;
}

/** Said where nobody has to do anything. */
const nothingDue = 'Nothing.';

/**
 * Why each step went as it did. A closed list: the ledger stores nothing else, dashboards group by it, and
 * "why did nothing happen?" is answered from it. A code that has been shipped keeps its meaning.
 */
export const reasons = {
  received: { step: 'receive', explanation: 'The comment arrived and is stored.', todo: nothingDue },
  'found-by-polling': {
    step: 'receive',
    explanation: 'The platform did not tell about the comment in time; it was found under the post and is stored.',
    todo: nothingDue,
  },
  'imported-history': {
    step: 'receive',
    explanation:
      'The comment is from before the account was connected, or was found a week too late: kept, never answered.',
    todo: 'Nothing; answer it at the platform if it still matters.',
  },
  'own-comment': {
    step: 'receive',
    explanation: 'This is our own comment coming back; it is never answered.',
    todo: nothingDue,
  },
  'account-not-served': {
    step: 'receive',
    explanation: 'The comment belongs to an account that is not connected here.',
    todo: 'Connect the account, if its comments are wanted here.',
  },

  classified: {
    step: 'classify',
    explanation: 'The comment was understood.',
    todo: 'Nothing. If the class is wrong, correct the verdict: corrections are what the next change is measured by.',
  },
  'classified-after-repair': {
    step: 'classify',
    explanation: 'The first model answer did not fit the schema; the repaired one did.',
    todo: 'Nothing. If it happens often, the model is too small for the prompt: compare another one.',
  },
  'classified-as-before': {
    step: 'classify',
    explanation:
      'The same words under the same post were understood within the last hour: their verdict is taken over.',
    todo: 'Nothing. If the class is wrong, correct the verdict: it is taken over no further then.',
  },
  'verdict-corrected': {
    step: 'classify',
    explanation: 'A person said what the comment is; what was done before stays as it is.',
    todo: 'Nothing. What should follow from it, showing, hiding or answering, is asked for by itself.',
  },

  'classified-locally': {
    step: 'classify',
    explanation: 'Words alone decided, by the rule that is named: no model was asked.',
    todo: nothingDue,
  },
  'over-budget-account': {
    step: 'classify',
    explanation:
      'The account has spent its money for models today: the comment was not understood and is left to a person.',
    todo: 'Read it yourself. If the day should go on with models, raise the budget of the account.',
  },
  'over-budget-author': {
    step: 'classify',
    explanation:
      'The comments of this author have used up what one author may cost in a day: this one was not understood and is ' +
      'left to a person.',
    todo: 'Look at what the author writes; block the account at the platform if it is abuse.',
  },

  'left-visible': {
    step: 'triage',
    explanation: 'The policy asks for nothing here: the comment stays as it is.',
    todo: 'Nothing. If something should have happened, change the policy of this class.',
  },
  'auto-reply': {
    step: 'triage',
    explanation: 'The policy answers such comments when the answer is grounded.',
    todo: nothingDue,
  },
  'auto-reply-unsure': {
    step: 'triage',
    explanation: 'The verdict is below the confidence for automatic answers: a draft is written for a person.',
    todo: 'Approve, edit or reject the draft.',
  },
  'draft-for-operator': {
    step: 'triage',
    explanation: 'The policy wants a person to decide: a draft is written.',
    todo: 'Approve, edit or reject the draft.',
  },
  'hide-confident': {
    step: 'triage',
    explanation: 'The policy hides such comments, and the verdict is confident.',
    todo: 'Nothing. If it should not have been hidden, show it again.',
  },
  'hide-unsure': {
    step: 'triage',
    explanation: 'The verdict is below the confidence for hiding: hiding is suggested to a person.',
    todo: 'Look at the comment, and hide it or leave it.',
  },
  'hide-distrusted': {
    step: 'triage',
    explanation:
      'The comment, its thread or its post speaks to the model: the verdict is not trusted, and hiding is suggested to a person.',
    todo: 'Look at the comment, and hide it or leave it.',
  },
  'hide-suggested': {
    step: 'triage',
    explanation: 'The policy suggests hiding such comments; a person decides.',
    todo: 'Look at the comment, and hide it or leave it.',
  },
  'no-reply-to-hidden': {
    step: 'triage',
    explanation: 'An answer was wanted, but the comment is hidden: the platform takes no public reply to it.',
    todo: 'Show the comment again and answer it by hand, or write its author a private reply.',
  },
  'no-reply-to-live': {
    step: 'triage',
    explanation:
      'An answer was wanted, but the comment was written during a live broadcast: the platform takes no public reply to it.',
    todo: 'Answer in the broadcast itself, or write a private reply while it lasts.',
  },
  'left-to-person': {
    step: 'triage',
    explanation:
      'A person has taken the thread or the post over: what would have been done by itself waits for a person.',
    todo: 'Answer or decide by hand, or hand the thread back for the comments to come.',
  },
  'operators-alerted': {
    step: 'triage',
    explanation: 'The policy tells operators about such comments.',
    todo: 'Read the message, and answer where an answer is due.',
  },

  'rule-allowed': {
    step: 'triage',
    explanation: 'A rule of the allow-list fits: no other rule acts, and the comment is not hidden by itself.',
    todo: nothingDue,
  },
  'rule-replied': {
    step: 'triage',
    explanation: 'A rule fits and has the answer: its words are published.',
    todo: nothingDue,
  },
  'rule-replied-privately': {
    step: 'triage',
    explanation: 'A rule fits and writes to the comment\u2019s author.',
    todo: nothingDue,
  },
  'rule-hidden': {
    step: 'triage',
    explanation: 'A rule fits and hides the comment.',
    todo: 'Show it again if the rule was wrong, and make the rule narrower.',
  },
  'rule-hide-suggested': {
    step: 'triage',
    explanation: 'A rule fits and suggests hiding the comment; a person decides.',
    todo: 'Accept or dismiss the suggestion.',
  },
  'rule-alerted': {
    step: 'triage',
    explanation: 'A rule fits and tells operators.',
    todo: 'Read the message, and answer where an answer is due.',
  },
  'rule-ignored': {
    step: 'triage',
    explanation: 'A rule fits and says that nothing is done about such comments.',
    todo: nothingDue,
  },
  'thread-taken-over': {
    step: 'triage',
    explanation: 'A person acts in this thread: nothing public happens there by itself until it is handed back.',
    todo: 'Hand the thread back when the conversation is over.',
  },
  'thread-handed-back': {
    step: 'triage',
    explanation: 'The thread is handed back: comments from here on are treated as the policy says.',
    todo: nothingDue,
  },

  drafted: {
    step: 'draft',
    explanation: 'An answer was written from the knowledge it cites and passed every check.',
    todo: nothingDue,
  },
  'draft-waits': {
    step: 'draft',
    explanation: 'A draft was written and waits for a person.',
    todo: 'Approve, edit or reject the draft.',
  },
  'no-knowledge': {
    step: 'draft',
    explanation: 'Nothing in the knowledge fits the question; a person should answer.',
    todo: 'Answer by hand, and add a document that answers such questions.',
  },
  'model-abstained': {
    step: 'draft',
    explanation: 'The passages that were found do not answer the question; a person should answer.',
    todo: 'Answer by hand, and complete the documents that were found.',
  },
  'model-refused': {
    step: 'draft',
    explanation: 'The model declined to write an answer; a person should answer.',
    todo: 'Answer by hand.',
  },
  'answer-over-budget': {
    step: 'draft',
    explanation: 'The money for models of the account or of this author is spent for today: no answer was written.',
    todo: 'Answer by hand. If the day should go on with models, raise the budget of the account.',
  },
  'answer-unreadable': {
    step: 'draft',
    explanation: 'The model answered in a shape that we do not accept; a person should answer.',
    todo: 'Answer by hand. If it happens often, compare another model.',
  },
  'gate-sources': {
    step: 'draft',
    explanation: 'The answer cites nothing that was retrieved; a person must look at it.',
    todo: 'Edit the draft or answer by hand.',
  },
  'gate-length': {
    step: 'draft',
    explanation: 'The answer is empty or too long to publish; a person must look at it.',
    todo: 'Shorten the draft or answer by hand.',
  },
  'gate-characters': {
    step: 'draft',
    explanation: 'The answer has control, direction or markup characters; a person must look at it.',
    todo: 'Edit the draft or answer by hand.',
  },
  'gate-contact': {
    step: 'draft',
    explanation: 'The answer has a link, phone, e-mail, card number or mention that no source has.',
    todo: 'Check the draft against what is true, edit it, and put what is right into a document.',
  },
  'gate-figure': {
    step: 'draft',
    explanation: 'The answer has a price, percentage, date, time or promo code that no source has.',
    todo: 'Check the draft against what is true, edit it, and put what is right into a document.',
  },
  'gate-language': {
    step: 'draft',
    explanation: 'The answer is not in the language of the question.',
    todo: 'Translate the draft or answer by hand.',
  },
  'gate-prompt': {
    step: 'draft',
    explanation: 'The answer repeats our own instructions or speaks of them; a person must look at it.',
    todo: 'Answer by hand; somebody may be trying to make the model talk about itself.',
  },
  'topic-forbidden': {
    step: 'draft',
    explanation: 'The question touches a topic that the account does not speak about in public; nobody was asked.',
    todo: 'Answer by hand, or leave it.',
  },
  'fallback-given': {
    step: 'draft',
    explanation: 'Nothing in the knowledge answers this; the account\u2019s own fallback text is due to be published.',
    todo: 'Put the answer into a document or the catalogue; the next one who asks gets it.',
  },
  'gate-price': {
    step: 'draft',
    explanation: 'The answer names an amount of money that none of the products has which it cites.',
    todo: 'Check the price in the catalogue, put the product in or right, and edit the draft.',
  },
  'gate-shape': {
    step: 'draft',
    explanation: 'The answer is made for a program or encoded: JSON, a label, a mark of a source, a run of letters.',
    todo: 'Edit the draft or answer by hand.',
  },
  'gate-identity': {
    step: 'draft',
    explanation: 'The answer says of itself that it is a machine, or that it is none.',
    todo: 'Edit the draft or answer by hand.',
  },
  'gate-promise': {
    step: 'draft',
    explanation: 'The answer promises money back, a guarantee, something legal or about health, and no source does.',
    todo: 'Decide whether the brand promises this; if so put it into a document, else edit the draft.',
  },
  'gate-personal-data': {
    step: 'draft',
    explanation: 'The answer asks for personal data or a secret under a public post.',
    todo: 'Edit the draft: ask for such things in a private message, and for passwords and card numbers never.',
  },
  'gate-hostile': {
    step: 'draft',
    explanation: 'The answer has an insult, a threat or words against the brand.',
    todo: 'Answer by hand, and look at what the customer wrote: the model may have been led there.',
  },
  'gate-topic': {
    step: 'draft',
    explanation: 'The answer speaks about a topic that the account does not speak about in public.',
    todo: 'Answer by hand, or take the topic out of the account\u2019s settings.',
  },
  'gate-grounding': {
    step: 'draft',
    explanation: 'Hardly a word of the answer, or of one of its sentences, stands in what it cites.',
    todo: 'Check the draft against what is true; edit it, or put what is right into a document.',
  },
  'gate-other-language': {
    step: 'draft',
    explanation: 'The question is in a language in which the account does not answer by itself.',
    todo: 'Approve or edit the draft, or add the language to the account\u2019s settings.',
  },

  'thread-cap-reached': {
    step: 'draft',
    explanation: 'The bot has answered in this thread as often as it may in a day: the answer waits for a person.',
    todo: 'Look at the conversation: approve the answer, write one yourself, or reject it when another machine is talking.',
  },
  'draft-approved': {
    step: 'draft',
    explanation: 'An operator approved the draft: it is sent as it stands.',
    todo: nothingDue,
  },
  'draft-edited': {
    step: 'draft',
    explanation: 'An operator changed the draft: it is sent in the operator\u2019s words.',
    todo: nothingDue,
  },
  'draft-rejected': {
    step: 'draft',
    explanation: 'An operator rejected the draft: nothing is sent.',
    todo: 'Nothing. Where an answer is wanted after all, write one by hand.',
  },
  'draft-regenerated': {
    step: 'draft',
    explanation: 'An operator wants another draft: it is written anew and waits for a person again.',
    todo: 'Approve, edit or reject the new draft when it stands here.',
  },

  'reply-by-hand': {
    step: 'send',
    explanation: 'An operator wrote the reply: it is sent in the operator\u2019s words.',
    todo: nothingDue,
  },
  'reply-replacing': {
    step: 'send',
    explanation:
      'An operator wants another reply in the place of the published one: when it is out, the former is removed.',
    todo: nothingDue,
  },
  'reply-removal-wanted': {
    step: 'send',
    explanation: 'An operator wants the published reply removed.',
    todo: nothingDue,
  },
  'reply-removed': {
    step: 'send',
    explanation: 'The reply is removed at the platform.',
    todo: nothingDue,
  },
  'reply-removal-dry-run': {
    step: 'send',
    explanation: 'REPLIES_DRY_RUN is on: the reply is not removed until it is off.',
    todo: 'Switch REPLIES_DRY_RUN off, or delete the reply in the platform\u2019s own app.',
  },
  'removed-reply-found': {
    step: 'send',
    explanation: 'A copy of a reply that was removed still stood in the thread; it is removed, too.',
    todo: nothingDue,
  },
  'reply-sending': {
    step: 'send',
    explanation: 'The reply is on its way; from here on it is never sent blindly again.',
    todo: nothingDue,
  },
  'reply-sent': { step: 'send', explanation: 'The reply is published.', todo: nothingDue },
  'reply-confirmed-by-echo': {
    step: 'send',
    explanation: 'The platform told us about our own reply: it is published.',
    todo: nothingDue,
  },
  'reply-found-by-listing': {
    step: 'send',
    explanation: 'It was unclear whether the reply went out; the thread shows that it did.',
    todo: nothingDue,
  },
  'reply-unclear': {
    step: 'send',
    explanation: 'The platform gave no clear answer; we look into the thread before doing anything.',
    todo: nothingDue,
  },
  'reply-not-found-yet': {
    step: 'send',
    explanation: 'The thread does not show our reply yet; we look again later.',
    todo: nothingDue,
  },
  'reply-send-again': {
    step: 'send',
    explanation: 'Three looks over two minutes did not find the reply: it may be sent once more, for the last time.',
    todo: nothingDue,
  },
  'reply-look-first': {
    step: 'send',
    explanation: 'The second try was held up for minutes: the thread is looked into once more before it is made.',
    todo: nothingDue,
  },
  'reply-dry-run': {
    step: 'send',
    explanation: 'REPLIES_DRY_RUN is on: the reply was not published.',
    todo: 'Switch REPLIES_DRY_RUN off when you trust what you read here.',
  },
  'reply-target-gone': {
    step: 'send',
    explanation: 'The comment no longer exists; there is nothing to answer.',
    todo: nothingDue,
  },
  'reply-target-hidden': {
    step: 'send',
    explanation: 'The comment was hidden meanwhile; the platform takes no public reply to a hidden comment.',
    todo: 'Nothing, or write a private reply: that reaches authors of hidden comments, too.',
  },
  'reply-taken-over': {
    step: 'send',
    explanation: 'A person has taken the thread or the post over before the reply went out: it waits for a person.',
    todo: 'Answer by hand if the reply is still needed.',
  },
  'private-reply-written': {
    step: 'send',
    explanation: 'An operator wrote a private reply to the comment\u2019s author.',
    todo: nothingDue,
  },
  'private-reply-too-late': {
    step: 'send',
    explanation: 'The comment is older than seven days: the platform takes no private reply to it any more.',
    todo: 'Nothing; answer in public if it still matters.',
  },
  'private-reply-impossible': {
    step: 'send',
    explanation: 'This platform knows no private replies.',
    todo: 'Answer in public.',
  },
  'two-replies-found': {
    step: 'send',
    explanation: 'The same reply of ours stands twice in the thread; the later one is removed.',
    todo: nothingDue,
  },
  'second-reply-removed': {
    step: 'send',
    explanation: 'The later of the two equal replies is gone; one stands.',
    todo: nothingDue,
  },
  'audit-given-up': {
    step: 'send',
    explanation: 'It could not be made sure that the reply stands once only; a person should look at the thread.',
    todo: 'Open the thread at the platform, and delete the second reply if there is one.',
  },

  hidden: {
    step: 'moderate',
    explanation: 'The comment is hidden; only its author and the author\u2019s friends see it.',
    todo: 'Nothing. If it should not have been hidden, show it again.',
  },
  unhidden: { step: 'moderate', explanation: 'The comment is visible to everybody again.', todo: nothingDue },
  deleted: {
    step: 'moderate',
    explanation: 'The comment is deleted for good, with the replies under it.',
    todo: nothingDue,
  },
  'review-right': {
    step: 'moderate',
    explanation: 'A person looked at the hide in the weekly sample and found it right.',
    todo: nothingDue,
  },
  'review-wrong': {
    step: 'moderate',
    explanation: 'A person looked at the hide in the weekly sample and found it wrong: the comment is shown again.',
    todo: 'If the class was wrong, too, correct the verdict; if it happens often, raise the confidence for hiding.',
  },
  'moderation-requested': {
    step: 'moderate',
    explanation: 'An operator decided about the comment\u2019s visibility.',
    todo: nothingDue,
  },
  'hide-taken-over': {
    step: 'moderate',
    explanation: 'A person has taken the thread or the post over before the comment was hidden: hiding is suggested.',
    todo: 'Accept or dismiss the suggestion.',
  },
  'hide-accepted': {
    step: 'moderate',
    explanation: 'An operator accepted the suggestion to hide the comment.',
    todo: nothingDue,
  },
  'hide-dismissed': {
    step: 'moderate',
    explanation: 'An operator dismissed the suggestion: the comment stays visible.',
    todo: nothingDue,
  },
  'moderation-dry-run': {
    step: 'moderate',
    explanation: 'REPLIES_DRY_RUN is on: nothing was changed at the platform.',
    todo: 'Switch REPLIES_DRY_RUN off when you trust what you read here.',
  },
  'moderation-target-gone': {
    step: 'moderate',
    explanation: 'The comment no longer exists; there is nothing to change.',
    todo: nothingDue,
  },
  'moderation-impossible': {
    step: 'moderate',
    explanation: 'This platform does not offer that.',
    todo: 'Do it in the platform\u2019s own app, if it can be done there.',
  },
  'hide-dry-run': {
    step: 'moderate',
    explanation: 'REPLIES_DRY_RUN is on: the comment was not hidden.',
    todo: 'Switch REPLIES_DRY_RUN off when you trust what you read here.',
  },
  'hide-target-gone': {
    step: 'moderate',
    explanation: 'The comment no longer exists; there is nothing to hide.',
    todo: nothingDue,
  },

  'operators-told': {
    step: 'notify',
    explanation: 'Operators got a message.',
    todo: 'Read the message, and act where it asks for it.',
  },
  'no-operator-channel': {
    step: 'notify',
    explanation: 'No operators\u2019 channel is set up: see TG_TOKEN and TG_CHAT_ID.',
    todo: 'Set TG_TOKEN and TG_CHAT_ID, and read this comment here until then.',
  },

  'waits-after-failure': {
    step: 'park',
    explanation: 'A try failed; the next one comes by itself.',
    todo: 'Nothing. If it lasts, the incidents say what is away.',
  },
  'waits-for-limit': {
    step: 'park',
    explanation: 'A limit of a vendor or of ours is reached; it goes on when the limit allows, no try is spent.',
    todo: nothingDue,
  },
  'waits-for-access': {
    step: 'park',
    explanation:
      'A vendor no longer accepts our access (token, key, model or chat). It goes on by itself when that is put right.',
    todo: 'Put the token, the key, the model or the chat right; the error names it.',
  },
  // Stands in older ledgers only: a blocked account is paused now.
  'waits-for-platform': {
    step: 'park',
    explanation: 'The platform has blocked actions of this account for a while; it goes on after a long pause.',
    todo: nothingDue,
  },
  'waits-for-resume': {
    step: 'park',
    explanation:
      'The account, the post or everything is paused; what customers would see goes on within seconds of the resume.',
    todo: 'Resume what is paused when its reason is over.',
  },
  'waits-for-quota': {
    step: 'park',
    explanation: 'The vendor\u2019s quota or budget is used up; it goes on after somebody raised it.',
    todo: 'Raise the quota or pay the vendor\u2019s bill.',
  },
  'waits-for-model': {
    step: 'park',
    explanation:
      'The model\u2019s server refuses comment after comment: that is its settings, not this comment. It goes on by itself.',
    todo: 'Check the model\u2019s address, name and settings; the error says what it refuses.',
  },

  'parked-tries-used-up': {
    step: 'park',
    explanation: 'Every try failed; the last error says why. A person decides.',
    todo: 'Read the error, put its cause right, and retry it.',
  },
  'parked-model-output': {
    step: 'park',
    explanation: 'The model\u2019s answer stayed unusable after one repair.',
    todo: 'Classify and answer it by hand, or retry it with another model.',
  },
  'parked-model-refusal': {
    step: 'park',
    explanation: 'The model declined to classify the comment.',
    todo: 'Read the comment, and hide or answer it by hand.',
  },
  'parked-forbidden': {
    step: 'park',
    explanation: 'A right or scope is missing at the vendor.',
    todo: 'Give the app or token the right that the error names, and retry it.',
  },
  'parked-rejected': {
    step: 'park',
    explanation: 'The vendor refuses this request for good.',
    todo: 'Read the error; do by hand what should be done.',
  },
  'retried-by-operator': { step: 'park', explanation: 'An operator sent it on its way again.', todo: nothingDue },
  'parked-unclear': {
    step: 'park',
    explanation: 'It cannot be found out whether the reply was published; a person must look at the thread.',
    todo: 'Open the thread at the platform; if our reply is not there, retry it.',
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
