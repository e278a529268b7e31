/** Text from outside as a database can hold it: no NUL, no half of a surrogate pair. Nothing else is changed. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** At most `limit` UTF-16 units, the last one an ellipsis when something was cut; never half an emoji. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/**
 * A text as it is compared with others: without differences of case, width and spaces, and without characters that
 * nobody sees. Punctuation and emoji stay: "Really?" asks, "Really!" does not.
 */
export function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase()
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

/**
 * What people see of a text: without control, direction and invisible characters and tags. The joiner of emoji and of the
 * scripts that need it stays, and so does what makes an emoji colourful.
 */
export function withoutInvisible(text: string): string {
  return text
    .replaceAll(/[\p{Cf}\p{Cc}\p{Co}\p{Default_Ignorable_Code_Point}]/gu, (one) => (seenAsPart.test(one) ? one : ''))
    .replaceAll(/(?<=[\p{Script=Latin}\p{Script=Cyrillic}\p{Nd}\s])(?:\u200C|\u200D)/gu, '');
}
const seenAsPart = /^(?:\u200C|\u200D|\uFE0F|\n|\t)$/u;
