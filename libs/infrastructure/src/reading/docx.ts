import mammoth from 'mammoth';
import { openArchive, storedArchive } from './archive.js';
import type { Emit } from './blocks.js';
import { bounds } from './bounds.js';
import { readHtmlText } from './html.js';
import { checkKind } from './office.js';
import { Refusal } from './refusal.js';

/** What text, headings, lists and notes are made of; pictures, themes, fonts and embedded files are not even unpacked. */
const read =
  /^(?:\[Content_Types\]\.xml|_rels\/\.rels|word\/(?:document|styles|numbering|footnotes|endnotes|comments)\.xml|word\/_rels\/(?:document|footnotes|endnotes)\.xml\.rels)$/u;

export async function readDocx(bytes: Buffer, emit: Emit): Promise<void> {
  const parts = await openArchive(bytes, (name) => read.test(name));
  checkKind(parts, 'wordprocessingml.document');
  const document = parts.get('word/document.xml');
  if (!document) throw new Refusal('broken', 'The document has no text part. Open it in Word and save it again.');
  if (document.length > bounds.treeBytes) {
    throw new Refusal('too-large', 'The document is longer than several thousand pages. Split it into several files.');
  }
  const safe = new Map(parts).set('word/document.xml', Buffer.from(withoutHidden(document.toString('utf8'))));
  const { value } = await mammoth.convertToHtml(
    { buffer: storedArchive(safe) },
    {
      convertImage: mammoth.images.imgElement(async () => await Promise.resolve({ src: '' })),
      includeEmbeddedStyleMap: false,
      // Titles are headings too; comments of reviewers are no text of the document.
      styleMap: ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh", 'comment-reference => '],
    },
  );
  let paragraph = 0;
  readHtmlText(value, emit, () => `paragraph ${(paragraph += 1)}`);
}

/** Runs that Word does not show: what a person has not seen is not answered from. */
function withoutHidden(xml: string): string {
  const hidden: { readonly from: number; readonly to: number }[] = [];
  let begin = -1;
  let isHidden = false;
  let depth = 0;
  for (const match of xml.matchAll(/<(?<end>\/?)w:(?<name>r|vanish|webHidden)(?<rest>[\s/>][^<]{0,200})?/gu)) {
    const { end, name, rest = '' } = match.groups ?? {};
    if (name === 'r' && end === '' && !rest.startsWith('/')) {
      depth += 1;
      if (depth === 1) [begin, isHidden] = [match.index, false];
    } else if (name === 'r' && end === '/') {
      depth = Math.max(0, depth - 1);
      const close = match.index + '</w:r>'.length;
      if (depth === 0 && isHidden && begin >= 0) hidden.push({ from: begin, to: close });
    } else if (depth > 0 && !/w:val="(?:0|false|off)"/u.test(rest)) isHidden = true;
  }
  let from = 0;
  const shown: string[] = [];
  for (const gap of hidden) {
    shown.push(xml.slice(from, gap.from));
    from = gap.to;
  }
  return [...shown, xml.slice(from)].join('');
}
