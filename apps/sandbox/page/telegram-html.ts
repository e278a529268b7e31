/** A piece of a Telegram message: text, or an allowed element with pieces inside. */
export type Piece = string | Markup | Link;

export interface Markup {
  readonly tag: 'b' | 'i' | 'u' | 's' | 'code' | 'pre' | 'blockquote';
  readonly children: readonly Piece[];
}

export interface Link {
  readonly tag: 'a';
  /** To the web only. */
  readonly href: string;
  readonly children: readonly Piece[];
}

type Tag = (Markup | Link)['tag'];

const tags: Readonly<Record<string, Tag>> = {
  b: 'b',
  strong: 'b',
  i: 'i',
  em: 'i',
  u: 'u',
  ins: 'u',
  s: 's',
  strike: 's',
  del: 's',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  a: 'a',
};

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

interface Open {
  readonly tag: Tag;
  readonly href: string | undefined;
  readonly children: Piece[];
}

/**
 * Reads the HTML subset of Telegram's Bot API into pieces. What is not allowed there stays visible as text, so nothing
 * that a stranger wrote ever becomes markup of this page.
 */
export function readTelegramHtml(html: string): readonly Piece[] {
  const root: Piece[] = [];
  const open: Open[] = [];
  const put = (piece: Piece): unknown => (open.at(-1)?.children ?? root).push(piece);
  const close = (): void => {
    const done = open.pop();
    if (done) put(elementOf(done));
  };

  for (const token of html.match(/<[^<>]*>|[^<]+|</g) ?? []) {
    const [, slash, name, attributes] = /^<(\/?)([a-z]+)([^<>]*)>$/i.exec(token) ?? [];
    const tag = name === undefined ? undefined : tags[name.toLowerCase()];
    if (tag === undefined) put(decode(token));
    else if (slash === '') open.push({ tag, href: hrefIn(attributes ?? ''), children: [] });
    else if (open.at(-1)?.tag === tag) close();
    else put(decode(token));
  }
  while (open.length > 0) close();
  return root;
}

/** A link that leads anywhere but to the web (`javascript:` above all) is just its text. */
function elementOf({ tag, href, children }: Open): Piece {
  if (tag !== 'a') return { tag, children };
  return href === undefined ? { tag: 'u', children } : { tag, href, children };
}

function hrefIn(attributes: string): string | undefined {
  const href = decode(/\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes)?.slice(1).find(Boolean) ?? '');
  return /^https?:\/\//i.test(href) ? href : undefined;
}

function decode(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi,
    (whole, hex?: string, digits?: string, name?: string) => {
      if (name !== undefined) return entities[name.toLowerCase()] ?? whole;
      const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
