import { z } from 'zod';
import { replyLimits } from '../replies/reply-rules.js';

/** What may be said about one account's answers; more would blur the instructions to the model. */
export const answerBounds = {
  voice: 500,
  fallback: 300,
  signature: 60,
  languages: 30,
  topics: 50,
  topic: 60,
  /** Characters of an answer that are asked of the model. */
  shortest: 50,
} as const;

export const emojiUses = ['few', 'never'] as const;

/** How an account wants to sound, and where it wants to be silent. */
export const answerSettings = z.object({
  /** How the brand speaks, in its own words; for the model's style alone. */
  voice: z.string().max(answerBounds.voice),
  /** In which it answers by itself (ISO 639-1, small letters); all when there are none. In others a draft is written. */
  languages: z.array(z.string().max(8)).max(answerBounds.languages),
  /** Published once per thread when its knowledge holds no answer; empty: a person answers. */
  fallback: z.string().max(answerBounds.fallback),
  /** Stands under every answer; empty: nothing does. */
  signature: z.string().max(answerBounds.signature),
  emoji: z.enum(emojiUses),
  /** Words of topics that it does not speak about in public; each also finds longer words that begin with it. */
  forbiddenTopics: z.array(z.string().max(answerBounds.topic)).max(answerBounds.topics),
  /** Characters of an answer that are asked of the model. */
  target: z.number().int().min(answerBounds.shortest).max(replyLimits.hard),
});
export type AnswerSettings = z.infer<typeof answerSettings>;

/** Of an account for which nobody has decided anything. */
export const initialAnswerSettings: AnswerSettings = {
  voice: '',
  languages: [],
  fallback: '',
  signature: '',
  emoji: 'few',
  forbiddenTopics: [],
  target: replyLimits.target,
};
