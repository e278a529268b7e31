import { deflateSync } from 'node:zlib';
import type { HostileFile } from './hostile-file.js';

/** Objects from number 1, the first of them the catalogue, with a table of where each begins. */
export function pdf(objects: readonly (string | Buffer)[], trailer = ''): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const starts: number[] = [];
  let at = 9;
  for (const [index, object] of objects.entries()) {
    const part = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')]);
    starts.push(at);
    at += part.length;
    parts.push(part);
  }
  const rows = starts.map((start) => `${String(start).padStart(10, '0')} 00000 n \n`).join('');
  const count = objects.length + 1;
  const table = `xref\n0 ${count}\n0000000000 65535 f \n${rows}trailer\n<</Size ${count}/Root 1 0 R${trailer}>>\nstartxref\n${at}\n%%EOF\n`;
  return Buffer.concat([...parts, Buffer.from(table)]);
}

function stream(content: Buffer, more: string): Buffer {
  return Buffer.concat([
    Buffer.from(`<</Length ${content.length}${more}>>\nstream\n`),
    content,
    Buffer.from('\nendstream'),
  ]);
}

const catalog = '<</Type/Catalog/Pages 2 0 R>>';
const font = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>';
const page = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>';
const tea = Buffer.from('BT /F 12 Tf 50 700 Td (Tea costs three.) Tj ET');
const onePage = '<</Type/Pages/Kids[3 0 R]/Count 1>>';

function withContent(content: Buffer, more = ''): Buffer {
  return pdf([catalog, onePage, page, stream(content, more), font]);
}

export function hostilePdf(scan: Buffer, locked: Buffer): readonly HostileFile[] {
  const bomb = deflateSync(Buffer.alloc(600 * 1024 * 1024, ' '), { level: 9 });
  const words = deflateSync(Buffer.from(`BT /F 12 Tf ${'(Tea costs three.) Tj '.repeat(3_000_000)}ET`));
  const endless = 4_000_000;
  return [
    {
      kind: 'PDF bomb',
      name: 'bomb.pdf',
      content: withContent(bomb, '/Filter/FlateDecode'),
      ends: ['too-large', 'too-much-memory', 'too-slow', 'no-text'],
    },
    {
      kind: 'PDF bomb, packed twice',
      name: 'twice.pdf',
      content: withContent(deflateSync(bomb), '/Filter[/FlateDecode/FlateDecode]'),
      ends: ['too-large', 'too-much-memory', 'too-slow', 'no-text'],
    },
    {
      kind: 'PDF page of three million words',
      name: 'words.pdf',
      content: withContent(words, '/Filter/FlateDecode'),
      ends: ['too-large', 'too-much-memory', 'too-slow', 'read'],
    },
    {
      kind: 'PDF pages in a loop',
      name: 'loop.pdf',
      content: pdf([catalog, '<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>']),
      ends: ['broken', 'no-text'],
    },
    {
      kind: 'PDF that says it has a thousand million pages',
      name: 'count.pdf',
      content: pdf([catalog, '<</Type/Pages/Kids[3 0 R]/Count 1000000000>>', page, stream(tea, ''), font]),
      ends: ['too-large', 'broken', 'read'],
    },
    {
      kind: 'PDF of 20,000 pages',
      name: 'pages.pdf',
      content: pdf([
        catalog,
        `<</Type/Pages/Kids[${'3 0 R '.repeat(20_000)}]/Count 20000>>`,
        page,
        stream(tea, ''),
        font,
      ]),
      ends: ['too-large'],
    },
    {
      kind: 'PDF arrays within each other',
      name: 'deep.pdf',
      content: pdf([`<</Type/Catalog/Pages ${'['.repeat(endless)}${']'.repeat(endless)}>>`]),
      ends: ['broken', 'too-slow', 'too-much-memory'],
    },
    {
      kind: 'PDF form that draws itself',
      name: 'self.pdf',
      content: pdf([
        catalog,
        onePage,
        '<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>',
        stream(Buffer.from('/X Do'), ''),
        stream(
          Buffer.from('/X Do /X Do'),
          '/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>',
        ),
      ]),
      ends: ['no-text', 'broken', 'too-slow', 'too-much-memory'],
    },
    {
      kind: 'PDF table that leads to itself',
      name: 'xref.pdf',
      content: pdf([catalog, onePage, page, stream(tea, ''), font], '/Prev 9'),
      ends: ['read', 'broken'],
    },
    {
      kind: 'PDF with a letter table of four thousand million letters',
      name: 'cmap.pdf',
      content: pdf([
        catalog,
        onePage,
        page,
        stream(tea, ''),
        '<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[7 0 R]>>',
        stream(
          Buffer.from(
            'begincmap 1 begincodespacerange <0000> <FFFFFFFF> endcodespacerange 1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange endcmap',
          ),
          '',
        ),
        '<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(A)/Ordering(B)/Supplement 0>>>>',
      ]),
      ends: ['read', 'no-text', 'broken', 'too-slow', 'too-much-memory'],
    },
    {
      kind: 'PDF picture of ten thousand million pixels',
      name: 'pixels.pdf',
      content: pdf([
        catalog,
        onePage,
        '<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>',
        stream(Buffer.from('/X Do'), ''),
        stream(
          deflateSync(Buffer.alloc(1_000)),
          '/Type/XObject/Subtype/Image/Width 100000/Height 100000/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode',
        ),
      ]),
      ends: ['no-text'],
    },
    {
      kind: 'PDF that starts a program',
      name: 'launch.pdf',
      content: pdf([
        '<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.launchURL\\("http://127.0.0.1:1"\\))>>/AA<</WC<</S/Launch/F(calc.exe)>>>>>>',
        onePage,
        page,
        stream(tea, ''),
        font,
      ]),
      ends: ['read'],
      not: 'calc',
    },
    { kind: 'PDF with a password', name: 'password.pdf', content: locked, ends: ['encrypted'] },
    { kind: 'PDF that is a scan', name: 'scan.pdf', content: scan, ends: ['no-text'] },
    { kind: 'PDF cut off', name: 'cut.pdf', content: withContent(tea).subarray(0, 120), ends: ['broken', 'no-text'] },
    {
      kind: 'PDF that is nothing but its first line',
      name: 'head.pdf',
      content: Buffer.from('%PDF-1.7\n'),
      ends: ['broken'],
    },
  ];
}
