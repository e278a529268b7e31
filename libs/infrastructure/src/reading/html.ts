import { defaultTreeAdapter, type DefaultTreeAdapterTypes, parse } from 'parse5';
import { type Emit, Headings, headingLength, line } from './blocks.js';
import { bounds } from './bounds.js';
import { decoded } from './encoding.js';
import { Refusal } from './refusal.js';
import { TableBlocks } from './table.js';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

/** What nobody reads on the page, or what is no text. */
const unseen = new Set(
  'head script style template noscript iframe object embed svg math canvas audio video select textarea dialog'.split(
    ' ',
  ),
);
/** Where a paragraph ends. */
const apart = new Set(
  'address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form header hr html li main nav ol p pre section summary ul'.split(
    ' ',
  ),
);
/** A list is one block, unless it is long. */
const listLength = 2_000;

export function readHtml(bytes: Uint8Array, emit: Emit): void {
  if (bytes.length > bounds.treeBytes) {
    throw new Refusal(
      'too-large',
      'The page is longer than several thousand printed pages. Split it into several files.',
    );
  }
  const head = Buffer.from(bytes.subarray(0, 2_048)).toString('latin1');
  const declared = /<meta[^>]{0,200}charset\s*=\s*["']?(?<name>[\w-]{2,20})/iu.exec(head)?.groups?.['name'];
  readHtmlText(decoded(bytes, declared), emit, (at) => (at === undefined ? undefined : `line ${at}`));
}

/** @param placeOf how a person finds what begins at this line of the source; asked once for each block */
export function readHtmlText(
  html: string,
  emit: Emit,
  placeOf: (line: number | undefined) => string | undefined,
): void {
  let depth = 0;
  const document = parse(html, {
    sourceCodeLocationInfo: true,
    scriptingEnabled: false,
    treeAdapter: {
      ...defaultTreeAdapter,
      // While it is parsed: the work of the parser itself grows with the square of the depth.
      onItemPush: () => {
        depth += 1;
        if (depth > bounds.depth) throw tooDeep();
      },
      onItemPop: () => (depth -= 1),
    },
  });
  new PageReader(emit, placeOf).read(document.childNodes);
}

class PageReader {
  readonly #headings = new Headings();
  #text = '';
  #at: number | undefined;
  #list = 0;

  constructor(
    private readonly emit: Emit,
    private readonly placeOf: (line: number | undefined) => string | undefined,
  ) {}

  read(nodes: readonly Node[]): void {
    this.#nodes(nodes, 0);
    this.#close();
  }

  #nodes(nodes: readonly Node[], depth: number): void {
    if (depth > bounds.depth) throw tooDeep();
    for (const node of nodes) {
      if (isText(node)) this.#add(node.value, node);
      else if (isElement(node) && isShown(node)) this.#element(node, depth);
    }
  }

  #element(node: Element, depth: number): void {
    const level = /^h(?<level>[1-6])$/u.exec(node.tagName)?.groups?.['level'];
    if (level !== undefined) return this.#heading(Number(level), node, depth);
    if (node.tagName === 'table') return this.#table(node, depth);
    if (node.tagName === 'br') return this.#add('\n', node);
    if (node.tagName === 'li') return this.#item(node, depth);
    const isList = node.tagName === 'ul' || node.tagName === 'ol';
    const isApart = apart.has(node.tagName) && (this.#list === 0 || !isList);
    if (isApart && this.#list === 0) this.#close();
    if (isList) this.#list += 1;
    this.#nodes(node.childNodes, depth + 1);
    if (isList) this.#list -= 1;
    if (isApart && this.#list === 0) this.#close();
    else if (apart.has(node.tagName)) this.#add('\n', node);
  }

  #item(node: Element, depth: number): void {
    if (this.#text.length > listLength) this.#close();
    this.#add(`\n${'  '.repeat(Math.max(0, Math.min(this.#list, 5) - 1))}- `, node);
    this.#nodes(node.childNodes, depth + 1);
    if (this.#list === 0) this.#close();
  }

  #heading(level: number, node: Element, depth: number): void {
    this.#close();
    const text = line(textOf(node, depth));
    if (text === '') return;
    // A whole paragraph that is marked as a heading, so that it looks large.
    if (textOf(node, depth).trim().length > headingLength) return this.#nodes(node.childNodes, depth + 1);
    this.#headings.enter(level, text);
  }

  #table(node: Element, depth: number): void {
    this.#close();
    const table = new TableBlocks(this.#headings.above(), this.emit);
    let row = 0;
    let first: string | undefined;
    for (const tr of rowsOf(node, depth)) {
      row += 1;
      const cells = tr.childNodes.filter(
        (cell): cell is Element => isElement(cell) && /^t[dh]$/u.test(cell.tagName) && isShown(cell),
      );
      const place = this.placeOf(tr.sourceCodeLocation?.startLine) ?? `row ${row}`;
      first ??= place;
      table.take({ values: cells.map((cell) => line2(textOf(cell, depth))), place, line: row });
    }
    table.end(first ?? '');
  }

  #add(text: string, node: Node): void {
    if (this.#text.trim() === '' && text.trim() !== '') this.#at = node.sourceCodeLocation?.startLine;
    this.#text += text === '\n' || text.startsWith('\n') ? text : text.replaceAll(/\s+/gu, ' ');
  }

  #close(): void {
    const text = this.#text
      .split('\n')
      .map((part) => part.trimEnd())
      .filter((part) => part.trim() !== '')
      .join('\n')
      .trim();
    this.#text = '';
    if (text === '') return;
    const place = this.placeOf(this.#at);
    this.emit({ headings: this.#headings.above(), text, ...(place !== undefined && { place }) });
  }
}

function line2(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').trim();
}

function rowsOf(table: Element, depth: number): Element[] {
  const rows: Element[] = [];
  const look = (nodes: readonly Node[], deep: number): void => {
    if (deep > bounds.depth) throw tooDeep();
    for (const node of nodes) {
      if (!isElement(node) || !isShown(node)) continue;
      if (node.tagName === 'tr') rows.push(node);
      else if (/^(?:thead|tbody|tfoot)$/u.test(node.tagName)) look(node.childNodes, deep + 1);
    }
  };
  look(table.childNodes, depth);
  return rows;
}

function textOf(node: Element, depth: number): string {
  if (depth > bounds.depth) throw tooDeep();
  return node.childNodes
    .map((child) => {
      if (isText(child)) return child.value;
      if (!isElement(child) || !isShown(child)) return '';
      return /^(?:br|p|div|li|tr|td|th)$/u.test(child.tagName)
        ? ` ${textOf(child, depth + 1)} `
        : textOf(child, depth + 1);
    })
    .join('');
}

function isText(node: Node): node is DefaultTreeAdapterTypes.TextNode {
  return node.nodeName === '#text';
}

function isElement(node: Node): node is Element {
  return 'tagName' in node;
}

/** What a browser would not show is not read: a person who checked the page has not seen it. */
function isShown(node: Element): boolean {
  if (unseen.has(node.tagName)) return false;
  const attribute = (name: string): string | undefined => node.attrs.find((one) => one.name === name)?.value;
  if (attribute('hidden') !== undefined) return false;
  if (node.tagName === 'input') return false;
  const style = (attribute('style') ?? '').replaceAll(/\s+/gu, '').toLowerCase();
  return !/(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0*)?(?:;|!|$)|font-size:0(?:px|pt|em|%)?(?:;|!|$))/u.test(
    style,
  );
}

function tooDeep(): Refusal {
  return new Refusal(
    'unsafe',
    `The page has more than ${bounds.depth} elements within each other, as no program writes.`,
  );
}
