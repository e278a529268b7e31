import type { FileType } from './document-reader.js';

/** What a file may have at most, as it comes. */
export const mostFileBytes = 50 * 1024 * 1024;

/** What one account may keep: far more than a brand has to say, far less than fills a disk. */
export const fileQuota = { files: 1_000, bytes: 2 * 1024 * 1024 * 1024 } as const;

/** How many first bytes `kindOfFile` looks at. */
export const headBytes = 4_096;

export type FileKind =
  | { readonly kind: 'readable'; readonly type: FileType }
  /** `detail` says to a person what the file really is and what to do. */
  | { readonly kind: 'refused'; readonly detail: string };

const types: Readonly<Record<string, FileType>> = {
  pdf: 'pdf',
  docx: 'docx',
  xlsx: 'xlsx',
  csv: 'csv',
  tsv: 'csv',
  txt: 'txt',
  text: 'txt',
  md: 'md',
  markdown: 'md',
  html: 'html',
  htm: 'html',
};

/** Names that people try, and what they should do. */
const advice: Readonly<Record<string, string>> = {
  doc: 'This is Word\u2019s old format. Open it in Word and save it as DOCX or PDF.',
  rtf: 'Rich text is not read. Open it in Word and save it as DOCX or PDF.',
  odt: 'OpenDocument is not read. Save it as DOCX or PDF.',
  pages: 'Pages is not read. Export it as DOCX or PDF.',
  docm: 'Documents with macros are not taken. Save it as DOCX.',
  dotx: 'This is a template. Save it as DOCX.',
  xls: 'This is Excel\u2019s old format. Open it in Excel and save it as XLSX or CSV.',
  ods: 'OpenDocument is not read. Save it as XLSX or CSV.',
  numbers: 'Numbers is not read. Export it as XLSX or CSV.',
  xlsm: 'Workbooks with macros are not taken. Save it as XLSX.',
  xlsb: 'Binary workbooks are not read. Save it as XLSX.',
  ppt: 'Presentations are not read. Save it as PDF.',
  pptx: 'Presentations are not read. Save it as PDF.',
  odp: 'Presentations are not read. Save it as PDF.',
  key: 'Presentations are not read. Export it as PDF.',
};

const readable = 'Files that can be read: PDF, DOCX, XLSX, CSV, TXT, MD, HTML.';

/** Which first bytes say what, in hexadecimal; where several fit, the first one does. */
const signatures: readonly (readonly [bytes: string, what: string])[] = [
  ['255044462d', 'a PDF'],
  ['504b0304', 'an archive'],
  ['504b0506', 'an empty archive'],
  ['504b0708', 'a part of an archive'],
  ['d0cf11e0a1b11ae1', 'a file in Office\u2019s old format, or one with a password'],
  ['7b5c727466', 'rich text (RTF)'],
  ['526172211a07', 'an archive (RAR)'],
  ['377abcaf271c', 'an archive (7z)'],
  ['1f8b', 'an archive (gzip)'],
  ['425a68', 'an archive (bzip2)'],
  ['fd377a585a00', 'an archive (xz)'],
  ['28b52ffd', 'an archive (Zstandard)'],
  ['4d5a', 'a Windows program'],
  ['7f454c46', 'a Linux program'],
  ['cffaedfe', 'a macOS program'],
  ['cafebabe', 'a program'],
  ['0061736d', 'a program (WebAssembly)'],
  ['89504e470d0a1a0a', 'a picture (PNG)'],
  ['ffd8ff', 'a picture (JPEG)'],
  ['47494638', 'a picture (GIF)'],
  ['49492a00', 'a picture (TIFF)'],
  ['4d4d002a', 'a picture (TIFF)'],
  ['52494646', 'a picture, sound or film'],
  ['494433', 'sound (MP3)'],
  ['4f676753', 'sound (Ogg)'],
  ['1a45dfa3', 'a film'],
  ['25215053', 'PostScript'],
  ['53514c69746520666f726d6174203300', 'a database'],
];

/** What the file says that it is by its name, and whether its first bytes agree. */
export function kindOfFile(name: string, head: Uint8Array): FileKind {
  const extension = extensionOf(name);
  const type = types[extension];
  if (!type) {
    const detail = advice[extension] ?? `Files named .${extension || '\u2026'} are not read. ${readable}`;
    return { kind: 'refused', detail };
  }
  if (head.length === 0) return { kind: 'refused', detail: 'The file is empty.' };
  const really = whatItIs(head);
  const wanted = wantedOf(type);
  if (really === wanted || (really === 'an archive' && (type === 'docx' || type === 'xlsx'))) {
    return { kind: 'readable', type };
  }
  if (type === 'html' && really === 'text') return { kind: 'readable', type };
  return { kind: 'refused', detail: contradiction(extension, really) };
}

/** Without path, invisible and forbidden characters, and not longer than 200 characters: to be shown, never to be opened. */
export function shownFileName(name: string): string {
  const last = name.split(/[/\\]/u).at(-1) ?? '';
  const shown = last
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  const extension = extensionOf(shown);
  const ending = extension === '' ? '' : `.${extension}`;
  const stem = ending === '' ? shown : shown.slice(0, -ending.length);
  return `${
    [...stem]
      .slice(0, 200 - ending.length)
      .join('')
      .slice(0, 200 - ending.length)
      .toWellFormed() || 'file'
  }${ending}`;
}

/** What a document is called whose file has this name, unless somebody says otherwise. */
export function titleOfFile(shownName: string): string {
  const extension = extensionOf(shownName);
  const stem = extension === '' ? shownName : shownName.slice(0, -extension.length - 1);
  return stem.replaceAll('_', ' ').trim() || 'file';
}

function extensionOf(name: string): string {
  return /\.(?<extension>[\p{L}\p{N}]{1,12})\s*$/u.exec(name)?.groups?.['extension']?.toLowerCase() ?? '';
}

function wantedOf(type: FileType): string {
  if (type === 'pdf') return 'a PDF';
  if (type === 'docx') return 'a Word document';
  if (type === 'xlsx') return 'an Excel workbook';
  return type === 'html' ? 'a web page' : 'text';
}

function whatItIs(head: Uint8Array): string {
  const hex = [...head.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const signed = signatures.find(([bytes]) => hex.startsWith(bytes))?.[1];
  if (signed === 'an archive') return archiveOf(String.fromCodePoint(...head.subarray(0, headBytes)));
  if (signed === undefined) return textOf(head);
  // Three letters that a text may begin with, too.
  const letters = /^(?:425a68|4d5a|494433)/u.test(hex);
  return letters && !head.some((byte) => byte < 9) ? 'text' : signed;
}

/** The names of an archive's first parts stand at its beginning. */
function archiveOf(latin: string): string {
  if (latin.includes('mimetypeapplication/vnd.oasis.opendocument')) return 'an OpenDocument file';
  if (latin.includes('mimetypeapplication/epub')) return 'a book (EPUB)';
  const found = (['word/', 'xl/', 'ppt/'] as const).filter((folder) => latin.includes(folder));
  if (found.length !== 1) return 'an archive';
  if (found[0] === 'word/') return 'a Word document';
  return found[0] === 'xl/' ? 'an Excel workbook' : 'a PowerPoint presentation';
}

function textOf(head: Uint8Array): string {
  if (head.includes(0) && !isWide(head)) return 'no text: it holds bytes that no text has';
  const begin = String.fromCodePoint(...head.subarray(0, 512))
    .replace(/^\u00EF\u00BB\u00BF/u, '')
    .trimStart();
  return /^<(?:!doctype\s+html|html[\s>])/iu.test(begin) ? 'a web page' : 'text';
}

/** UTF-16 by its mark, or because every second byte is that of Latin or Cyrillic letters, and none of the others is zero. */
function isWide(head: Uint8Array): boolean {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true;
  return [0, 1].some((side) => {
    const [high, low] = [head.filter((_, at) => at % 2 === side), head.filter((_, at) => at % 2 !== side)];
    return !low.includes(0) && high.filter((byte) => byte === 0 || byte === 4).length > high.length * 0.8;
  });
}

function contradiction(extension: string, really: string): string {
  const advised: Readonly<Record<string, string>> = {
    'a PDF': 'Give it a name that ends in .pdf.',
    'a Word document': 'Give it a name that ends in .docx.',
    'an Excel workbook': 'Give it a name that ends in .xlsx.',
    'a web page': 'Give it a name that ends in .html.',
    text: 'Give it a name that ends in .txt, .md or .csv.',
    'an archive': 'Unpack it, and upload the documents in it.',
    'a file in Office\u2019s old format, or one with a password':
      'Open it in Office and save it without a password, as DOCX or XLSX.',
  };
  return `The name ends in .${extension}, but the file is ${really}. ${advised[really] ?? readable}`;
}
