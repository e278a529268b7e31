import { z } from 'zod';
import { presetNames } from '../comments/policy.js';
import { commentClassNames } from '../comments/verdict.js';
import { MediaId } from '../shared/ids.js';

/** What may be kept for one account; more would be no policy but a program. */
export const policyBounds = {
  windows: 20,
  posts: 500,
  rules: 200,
  /** Entries of one list of a condition. */
  entries: 100,
  authors: 500,
  /** Answers of one rule that are given in turns. */
  answers: 10,
  /** Characters of one; what may be published is shorter. */
  answer: 2_000,
  name: 60,
  entry: 100,
  pattern: 200,
  note: 500,
} as const;

export const replyModes = ['auto', 'draft', 'off'] as const;
export const hideModes = ['auto', 'suggest', 'off'] as const;
export const replyCaps = ['draft', 'off'] as const;
export const hideCaps = ['suggest', 'off'] as const;
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** What a text may hold besides words. */
export const contents = ['link', 'phone', 'email', 'mention'] as const;
export type Content = (typeof contents)[number];
export const scripts = ['latin', 'cyrillic', 'arabic', 'hebrew', 'han'] as const;
export const origins = ['ad', 'organic'] as const;

const name = z.string().min(1).max(policyBounds.name);
const entries = z.array(z.string().max(policyBounds.entry)).max(policyBounds.entries);
/** Longer ones are refused with their length, by whoever looks at what they say. */
const answers = z.array(z.string().max(policyBounds.answer)).max(policyBounds.answers);

const classChanges = z.object({
  reply: z.enum(replyModes).optional(),
  hide: z.enum(hideModes).optional(),
  alert: z.boolean().optional(),
});

/** What differs from the policy below: of the account from its preset, of a window from the account, of a post from both. */
export const policyChanges = z.object({
  /** Begin anew with this preset instead. */
  preset: z.enum(presetNames).optional(),
  classes: z.partialRecord(z.enum(commentClassNames), classChanges).optional(),
  replyFrom: z.number().optional(),
  hideFrom: z.number().optional(),
  /** Whatever the classes say, nothing goes further than this: `draft` lets no answer out by itself. */
  atMost: z.object({ reply: z.enum(replyCaps).optional(), hide: z.enum(hideCaps).optional() }).optional(),
});
export type PolicyChanges = z.infer<typeof policyChanges>;

/** Hours of a week in the account's time zone; one that ends before it begins goes over midnight. */
const hours = z.object({
  /** Of its beginning. */
  days: z.array(z.enum(weekdays)).max(weekdays.length),
  /** 00:00 to 23:59. */
  from: z.string().max(5),
  /** 00:00 to 24:00; this minute no longer belongs to it. */
  to: z.string().max(5),
});
export type Hours = z.infer<typeof hours>;

const policyWindow = hours.extend({ name, changes: policyChanges });

const postPolicy = z.object({ mediaId: MediaId, changes: policyChanges });

/** All that are given must hold; of a list any one suffices. Without any it fits every comment. */
const conditions = z.object({
  contains: entries.optional(),
  /** Whole words, or several in a row. */
  words: entries.optional(),
  /** A regular expression of RE2. */
  pattern: z.string().max(policyBounds.pattern).optional(),
  /** The writing most letters are in: what can be told of the language without a model. */
  scripts: z.array(z.enum(scripts)).optional(),
  has: z.array(z.enum(contents)).optional(),
  /** Usernames or ids. */
  authors: z.array(z.string().max(policyBounds.entry)).max(policyBounds.authors).optional(),
  origin: z.enum(origins).optional(),
  hours: hours.optional(),
});
export type Conditions = z.infer<typeof conditions>;

const actions = z.object({
  /** Before all other rules: none of them acts, and the comment is not hidden by itself. */
  allow: z.boolean().optional(),
  /** Nothing at all is done about it. */
  ignore: z.boolean().optional(),
  /** One of these is published. */
  reply: answers.optional(),
  privateReply: answers.optional(),
  hide: z.enum(['now', 'suggest']).optional(),
  alert: z.boolean().optional(),
});

export const ruleSchema = z.object({ name, when: conditions, do: actions });
export type Rule = z.infer<typeof ruleSchema>;

/** All that people decided about an account: what it wants done, when, under which posts, and the rules before it. */
export const policySettings = z.object({
  preset: z.enum(presetNames),
  /** What differs from the preset. */
  changes: policyChanges.omit({ preset: true }),
  /** IANA name. */
  timeZone: z.string().max(64),
  windows: z.array(policyWindow),
  posts: z.array(postPolicy),
  rules: z.array(ruleSchema),
});
export type PolicySettings = z.infer<typeof policySettings>;

/** Of an account for which nobody has decided anything. */
export const initialSettings: PolicySettings = {
  preset: 'balanced',
  changes: {},
  timeZone: 'UTC',
  windows: [],
  posts: [],
  rules: [],
};
