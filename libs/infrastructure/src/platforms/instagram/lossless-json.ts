/** A whole number of this many digits may lie beyond 2^53, where JSON.parse silently changes its last digits. */
const unsafeDigits = 16;

/**
 * JSON.parse that keeps the digits of big ids: a bare integer of 16 and more digits becomes a string.
 * (A reviver's `context.source` would do it, but Node 20 has none.)
 * @throws SyntaxError as JSON.parse
 */
export function parseLossless(json: string): unknown {
  return JSON.parse(mayHoldBigInteger.test(json) ? quoteBigIntegers(json) : json);
}

// Where a value may begin. Ids mostly stand in quotes, which do not match, and the walk over every character is saved; a
// text that has such digits after a space costs the walk and nothing else.
const mayHoldBigInteger = new RegExp(`(?:^|[\\s:,[])[1-9]\\d{${unsafeDigits - 1}}`);

/** One pass over the text: strings are skipped whole, so digits inside them stay what they are. */
function quoteBigIntegers(json: string): string {
  let quoted = '';
  let copied = 0;
  let at = 0;
  while (at < json.length) {
    if (json[at] === '"') {
      at = endOfString(json, at);
    } else if (startsNumber(json[at])) {
      const start = at;
      while (at < json.length && continuesNumber(json[at])) at += 1;
      const number = json.slice(start, at);
      if (number.length >= unsafeDigits && /^[1-9]\d+$/.test(number)) {
        quoted += `${json.slice(copied, start)}"${number}"`;
        copied = at;
      }
    } else {
      at += 1;
    }
  }
  return quoted + json.slice(copied);
}

/** @returns the index after the closing quote, or the text's end when the string is not closed */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

function startsNumber(character: string | undefined): boolean {
  return character === '-' || isDigit(character);
}

function continuesNumber(character: string | undefined): boolean {
  return isDigit(character) || (character !== undefined && '+-.eE'.includes(character));
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

/** Whether lists and objects stand inside each other more than `limit` times. Walks without recursion. */
export function nestedDeeperThan(limit: number, value: unknown): boolean {
  const pending: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value: current, depth } = next;
    if (!isNested(current)) continue;
    if (depth >= limit) return true;
    for (const child of Object.values(current)) if (isNested(child)) pending.push({ value: child, depth: depth + 1 });
  }
  return false;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
