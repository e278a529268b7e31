/**
 * Personal data in logs (audit 47): e-mail addresses, phone and card numbers, values of URL queries and @names
 * become unreadable; of a name the first three letters stay, so that a person can be recognised in a story.
 */
export function maskPersonal(text: string): string {
  return text
    .replaceAll(/[\p{L}\d._%+-]+@[\p{L}\d.-]+\.\p{L}{2,}/gu, '[e-mail]')
    .replaceAll(/([?&][^=&\s]{1,64}=)[^&\s"'<>]+/gu, '$1[…]')
    .replaceAll(/(?<![\p{L}\d])@([\p{L}\d._]{1,3})[\p{L}\d._]*/gu, '@$1…')
    .replaceAll(/(?<![\p{L}\d.:-])\+?\d(?:[ ().-]?\d){9,15}(?![\p{L}\d:-])/gu, maskNumber);
}

// Platform ids are runs of digits too, and they are what an operator searches for: only what is written like a phone
// (a plus, or separators) or is a card number by its check digit is masked.
function maskNumber(found: string): string {
  const digits = found.replaceAll(/\D/gu, '');
  const grouped = /[ ().-]/u.test(found.trim()) || found.startsWith('+');
  return grouped || (digits.length === 16 && passesLuhn(digits)) ? '[number]' : found;
}

function passesLuhn(digits: string): boolean {
  const sum = [...digits].toReversed().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** Every text in a log record, masked; secrets that we know are replaced wherever they stand. */
export function masker(secrets: readonly string[]): (value: unknown) => unknown {
  // Longest first: one secret may be the beginning of another.
  const known = secrets.filter((secret) => secret.length >= 8).toSorted((a, b) => b.length - a.length);
  const maskText = (text: string): string =>
    maskPersonal(known.reduce((masked, secret) => masked.replaceAll(secret, '[redacted]'), text));
  const mask = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return maskText(value);
    if (depth === 0 || typeof value !== 'object' || value === null || value instanceof Date || value instanceof Error)
      return value;
    if (Array.isArray(value)) return value.map((entry) => mask(entry, depth - 1));
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mask(entry, depth - 1)]));
  };
  return (value) => mask(value, 6);
}
