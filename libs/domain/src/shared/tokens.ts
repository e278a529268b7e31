const ellipsis = '…';

/**
 * How many tokens a text takes at most, as a rule: a careful guess by script, because each model counts otherwise. (As a
 * rule four letters of English are a token, two and a half of Russian, one of Chinese, and an emoji is two or three.) Too
 * many costs a few words of an old thread, too few would cost a call that the server refuses.
 */
export function tokensOf(text: string): number {
  let tokens = 0;
  for (const character of text) tokens += weightOf(character);
  return Math.ceil(tokens);
}

/** The beginning of a text that takes at most so many tokens, with an ellipsis where it was cut; never half an emoji. */
export function cutToTokens(text: string, most: number): string {
  if (tokensOf(text) <= most) return text;
  const room = most - weightOf(ellipsis);
  let kept = '';
  let tokens = 0;
  for (const character of text) {
    tokens += weightOf(character);
    if (tokens > room) break;
    kept += character;
  }
  return most < weightOf(ellipsis) ? '' : kept + ellipsis;
}

function weightOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  // Controls are written as escapes in JSON: \u0007 is six characters.
  if (code < 0x20) return 3;
  if (code < 0x80) return /[a-z ]/iu.test(character) ? 0.34 : 0.6;
  // Latin with marks, Greek, Cyrillic.
  if (code < 0x05_30) return 0.6;
  if (code < 0x09_00) return 1;
  return code > 0xff_ff ? 3 : 1.5;
}
