/** What Telegram makes of an HTML text: the visible characters, or why it refuses. */
export type ParsedHtml =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'refused'; readonly description: string };

const knownTags = new Set('b,strong,i,em,u,ins,s,strike,del,span,tg-spoiler,a,code,pre,blockquote,tg-emoji'.split(','));
const namedEntities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** Entities are parsed strictly: one stray `<` refuses the whole message. */
export function parseTelegramHtml(html: string): ParsedHtml {
  const open: string[] = [];
  let text = '';
  let at = 0;
  while (at < html.length) {
    const character = html[at] ?? '';
    if (character === '<') {
      const tag = /^<(\/?)([a-z-]*)((?:\s+[a-z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+))?)*)\s*>/i.exec(html.slice(at));
      const problem = tag ? useTag(tag, open, byteOffset(html, at)) : badStart(html, at);
      if (problem !== undefined)
        return { kind: 'refused', description: `Bad Request: can't parse entities: ${problem}` };
      at += tag?.[0].length ?? 1;
    } else if (character === '&') {
      const entity = /^&(#x[0-9a-f]+|#\d+|[a-z]+);/i.exec(html.slice(at));
      text += (entity && decode(entity[1] ?? '')) ?? entity?.[0] ?? '&';
      at += entity?.[0].length ?? 1;
    } else {
      text += character;
      at += 1;
    }
  }
  const left = open.at(-1);
  if (left === undefined) return { kind: 'text', text };
  const description = `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "${left}"`;
  return { kind: 'refused', description };
}

function useTag(tag: RegExpExecArray, open: string[], offset: number): string | undefined {
  const name = (tag[2] ?? '').toLowerCase();
  if (tag[1] === '/') {
    const expected = open.pop();
    if (expected === undefined) return `Unexpected end tag at byte offset ${offset}`;
    return expected === name || name === ''
      ? undefined
      : `Unmatched end tag at byte offset ${offset}, expected "</${expected}>", found "</${name}>"`;
  }
  if (!knownTags.has(name)) return `Unsupported start tag "${name}" at byte offset ${offset}`;
  if (name === 'span' && !/class\s*=\s*["']?tg-spoiler/i.test(tag[3] ?? '')) {
    return `Tag "span" must have class "tg-spoiler" at byte offset ${offset}`;
  }
  open.push(name);
  return undefined;
}

function badStart(html: string, at: number): string {
  const name = /^<\/?([^\s>]*)/.exec(html.slice(at))?.[1] ?? '';
  return html.slice(at).includes('>')
    ? `Unsupported start tag "${name}" at byte offset ${byteOffset(html, at)}`
    : `Unclosed start tag at byte offset ${byteOffset(html, at)}`;
}

function decode(entity: string): string | undefined {
  if (!entity.startsWith('#')) return namedEntities[entity.toLowerCase()];
  const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
  return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : undefined;
}

function byteOffset(text: string, at: number): number {
  return Buffer.byteLength(text.slice(0, at));
}
