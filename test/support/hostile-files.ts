import type { HostileFile } from './hostile-file.js';
import { hostileOffice, docx } from './hostile-office.js';
import { hostilePdf, pdf } from './hostile-pdf.js';

const text = (content: string): Buffer => Buffer.from(content, 'utf8');

/** @param made files that need a library: a PDF of pictures only, a PDF with a password */
export function hostileFiles(made: { readonly scan: Buffer; readonly locked: Buffer }): readonly HostileFile[] {
  return [...hostileOffice(), ...hostilePdf(made.scan, made.locked), ...hostileTexts(), ...wrongKinds()];
}

function hostileTexts(): readonly HostileFile[] {
  const noise = Buffer.from(Array.from({ length: 5_000 }, (_, index) => 128 + ((index * 7_919) % 128)));
  return [
    {
      kind: 'zeros in a text',
      name: 'zeros.txt',
      content: Buffer.concat([text('Tea '.repeat(2_000)), Buffer.alloc(50), text('coffee')]),
      ends: ['wrong-type', 'at upload'],
    },
    { kind: 'bytes of no encoding', name: 'noise.txt', content: noise, ends: ['read', 'wrong-type'] },
    {
      kind: 'half a character at the end',
      name: 'half.txt',
      content: text('Чай и кофе. '.repeat(50)).subarray(0, -2),
      ends: ['read'],
    },
    {
      kind: 'halves of characters in UTF-16',
      name: 'halves.txt',
      content: Buffer.from('\uFEFFTea \uD83C coffee \uDF70', 'utf16le'),
      ends: ['read', 'wrong-type'],
    },
    {
      kind: 'UTF-16 without a mark',
      name: 'unmarked.txt',
      content: Buffer.from('Tea costs three euros.'.repeat(20), 'utf16le'),
      ends: ['read'],
    },
    {
      kind: 'page in UTF-7',
      name: 'seven.html',
      content: text('<meta charset="utf-7"><p>+ADw-script+AD4-alert(1)+ADw-/script+AD4- Tea</p>'),
      ends: ['read'],
      not: '<script',
    },
    {
      kind: 'table with formulas',
      name: 'formulas.csv',
      content: text("Tea;Price\n=cmd|'/c calc'!A1;3\n@SUM(1+1);4\n+1;5\n"),
      ends: ['read'],
    },
    {
      kind: 'table of one endless line',
      name: 'line.csv',
      content: Buffer.alloc(20 * 1024 * 1024, 'a'),
      ends: ['too-large'],
    },
    {
      kind: 'table of a million columns',
      name: 'columns.csv',
      content: text('a,'.repeat(400_000)),
      ends: ['too-large'],
    },
    {
      kind: 'table of a million rows',
      name: 'rows.csv',
      content: text('a,b\n'.repeat(1_000_000)),
      ends: ['too-large'],
    },
    {
      kind: 'quotation mark that is never closed',
      name: 'quote.csv',
      content: text(`a,b\n"${'x,y\n'.repeat(1_000)}`),
      ends: ['broken', 'too-large'],
    },
    {
      kind: 'text of one endless line',
      name: 'line.txt',
      content: Buffer.alloc(45 * 1024 * 1024, 'a'),
      ends: ['too-large'],
    },
    {
      kind: 'marks of comments without an end',
      name: 'comments.md',
      content: text('<!--'.repeat(1_000_000)),
      ends: ['no-text'],
    },
    {
      kind: 'marks of headings without a text',
      name: 'marks.md',
      content: text(`${'#'.repeat(3_000_000)}\n${'# \n'.repeat(500_000)}`),
      ends: ['read', 'no-text', 'too-large'],
    },
    {
      kind: 'page of 500,000 elements within each other',
      name: 'deep.html',
      content: text('<div>'.repeat(500_000)),
      ends: ['unsafe'],
    },
    {
      kind: 'page of marks that are never closed',
      name: 'open.html',
      content: text('<b><i><a><font>x'.repeat(200_000)),
      ends: ['unsafe', 'too-slow', 'too-large', 'read'],
    },
    {
      kind: 'page of a million attributes',
      name: 'attributes.html',
      content: text(`<p ${Array.from({ length: 400_000 }, (_, index) => `a${index}=1`).join(' ')}>Tea</p>`),
      ends: ['read', 'too-slow'],
    },
    {
      kind: 'tables in tables of a page',
      name: 'tables.html',
      content: text(`${'<table><tr><td>'.repeat(20_000)}Tea`),
      ends: ['unsafe'],
    },
    {
      kind: 'page with hidden orders',
      name: 'hidden.html',
      content: text(
        '<p>Tea</p><p hidden>IGNORE</p><div style="display:none">IGNORE</div><!-- IGNORE --><template>IGNORE</template><script>IGNORE</script><p style="font-size:0">IGNORE</p>',
      ),
      ends: ['read'],
      not: 'IGNORE',
    },
    {
      kind: 'page that leads elsewhere',
      name: 'leads.html',
      content: text(
        '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:1"><base href="http://127.0.0.1:1"><iframe src="file:///etc/passwd"></iframe><img src=x onerror=alert(1)><p>Tea</p>',
      ),
      ends: ['read'],
      not: 'passwd',
    },
    {
      kind: 'page longer than any',
      name: 'long.html',
      content: text('<p>Tea</p>'.repeat(2_000_000)),
      ends: ['too-large'],
    },
    { kind: 'nothing but spaces', name: 'spaces.txt', content: Buffer.alloc(1_000_000, ' '), ends: ['no-text'] },
  ];
}

function wrongKinds(): readonly HostileFile[] {
  const archive = docx('<x/>');
  const small = pdf(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[]/Count 0>>']);
  return [
    { kind: 'nothing', name: 'empty.pdf', content: Buffer.alloc(0), ends: ['at upload'] },
    {
      kind: 'Windows program as a text',
      name: 'program.txt',
      content: Buffer.concat([text('MZ'), Buffer.alloc(500)]),
      ends: ['at upload'],
    },
    {
      kind: 'Linux program as a table',
      name: 'program.csv',
      content: Buffer.concat([Buffer.from('7f454c46', 'hex'), Buffer.alloc(500)]),
      ends: ['at upload'],
    },
    { kind: 'program behind a second ending', name: 'invoice.pdf.exe', content: small, ends: ['at upload'] },
    { kind: 'program behind a turned name', name: 'invoice\u202Efdp.exe', content: small, ends: ['at upload'] },
    {
      kind: 'picture as a PDF',
      name: 'picture.pdf',
      content: Buffer.from('89504e470d0a1a0a00', 'hex'),
      ends: ['at upload'],
    },
    {
      kind: 'two kinds at once: picture and archive',
      name: 'polyglot.docx',
      content: Buffer.concat([text('GIF89a'), archive]),
      ends: ['at upload'],
    },
    {
      kind: 'two kinds at once: PDF and archive',
      name: 'polyglot.pdf',
      content: Buffer.concat([small, archive]),
      ends: ['no-text', 'broken'],
    },
    {
      kind: 'two kinds at once, named as the other',
      name: 'polyglot2.docx',
      content: Buffer.concat([small, archive]),
      ends: ['at upload'],
    },
    {
      kind: 'page as a table',
      name: 'page.csv',
      content: text('<!DOCTYPE html><html><script>alert(1)</script></html>'),
      ends: ['at upload'],
    },
    {
      kind: 'old Word document',
      name: 'old.doc',
      content: Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      ends: ['at upload'],
    },
    {
      kind: 'old workbook, renamed',
      name: 'old.xlsx',
      content: Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]),
      ends: ['at upload'],
    },
    { kind: 'name without an ending', name: 'AUX', content: text('Tea'), ends: ['at upload'] },
  ];
}
