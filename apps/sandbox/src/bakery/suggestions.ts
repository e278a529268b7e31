import type { CommentClass } from '#domain/comments/verdict.js';
import { languageOf } from '../model/words.js';
import { bakeryComments } from './comments.js';

export interface Suggestion {
  readonly text: string;
  readonly class: CommentClass;
  readonly language: string;
  readonly mediaId: string;
}

/** A dozen comments for visitors who do not know what to write: every class, both languages. */
const keys = [
  'delivery-en',
  'hours-ru',
  'gluten-en',
  'dogs-en',
  'praise-ru',
  'rhetorical-en',
  'dry-ru',
  'glass-en',
  'wholesale-ru',
  'insult-en',
  'rough-en',
  'crypto-en',
  'injection-question',
];

export const suggestions: readonly Suggestion[] = bakeryComments
  .filter(({ key }) => keys.includes(key))
  .toSorted((left, right) => keys.indexOf(left.key) - keys.indexOf(right.key))
  .map(({ text, expected, mediaId }) => ({ text, class: expected.class, language: languageOf(text), mediaId }));
