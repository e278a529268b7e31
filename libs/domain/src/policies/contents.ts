import type { Content } from './settings.js';

// Usual endings only: "Nice.Thanks" is no address.
const endings =
  'com|net|org|info|biz|io|co|me|shop|store|online|site|top|xyz|club|app|dev|link|live|pro|gg|ly|tv|' +
  'ru|рф|su|by|kz|ua|uz|de|fr|es|it|pt|pl|nl|at|ch|uk|eu|us|ca|br|cn|jp|in|tr|ae|il';

// Each goes over a text once, whatever it holds: no repetition within a repetition, and none without an end.
const patterns: Readonly<Record<Content, RegExp>> = {
  link: new RegExp(`(?:https?://|www\\.)\\S|[\\p{L}\\p{Nd}-]\\.(?:${endings})(?![\\p{L}\\p{Nd}])`, 'iu'),
  // Nine digits and more with the usual separators: fewer are prices and dates. Cards, too.
  phone: /\+?\p{Nd}(?:[\s().-]{0,2}\p{Nd}){8}/u,
  email: /[\p{L}\p{Nd}_%+-]@[\p{L}\p{Nd}.-]{1,200}\.\p{L}{2}/u,
  mention: /(?<![\p{L}\p{Nd}])@[\p{L}\p{Nd}._]{2}/u,
};

/** @param text as `plainText` makes it */
export function holds(text: string, content: Content): boolean {
  return patterns[content].test(text);
}

const beginsInWord = /^[\p{L}\p{M}\p{Nd}_]/u;
const endsInWord = /[\p{L}\p{M}\p{Nd}_]$/u;

/** The words stand there whole: "art" does not stand in "party". Both as `plainText` makes them. */
export function holdsWords(text: string, words: string): boolean {
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    const end = at + words.length;
    // Two units each: a letter may be a pair of them.
    const [before, after] = [text.slice(Math.max(0, at - 2), at), text.slice(end, end + 2)];
    if (!endsInWord.test(before) && !beginsInWord.test(after)) return true;
  }
  return false;
}
