import { describe, expect, it } from 'vitest';
import { kindOfFile, shownFileName, titleOfFile } from './file-kind.js';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

// KN-1
describe('a file', () => {
  it.each([
    ['prices.pdf', text('%PDF-1.7 …'), 'pdf'],
    ['PRICES.PDF', text('%PDF-1.7 …'), 'pdf'],
    ['prices.docx', text('PK\u0003\u0004…[Content_Types].xml…word/document.xml'), 'docx'],
    ['prices.docx', text('PK\u0003\u0004…[Content_Types].xml'), 'docx'],
    ['prices.xlsx', text('PK\u0003\u0004…xl/workbook.xml'), 'xlsx'],
    ['prices.csv', text('Cake;Price'), 'csv'],
    ['prices.tsv', text('Cake\tPrice'), 'csv'],
    ['prices.txt', text('MZ is how this text begins'), 'txt'],
    ['prices.txt', text('Чай'), 'txt'],
    ['prices.txt', Uint8Array.from(Buffer.from('Чай и кофе', 'utf16le')), 'txt'],
    ['README.markdown', text('# Tea'), 'md'],
    ['page.htm', text('\uFEFF <!DOCTYPE html><p>Tea'), 'html'],
    ['part.html', text('<p>Tea'), 'html'],
  ])('whose name and first bytes agree can be read: %s', (name, head, type) => {
    expect(kindOfFile(name, head)).toEqual({ kind: 'readable', type });
  });

  it.each([
    ['prices.pdf', text('PK\u0003\u0004…word/'), 'the file is a Word document. Give it a name that ends in .docx.'],
    ['prices.docx', text('%PDF-1.7'), 'the file is a PDF. Give it a name that ends in .pdf.'],
    ['prices.docx', text('PK\u0003\u0004…xl/'), 'the file is an Excel workbook. Give it a name that ends in .xlsx.'],
    ['prices.docx', text('PK\u0003\u0004…ppt/'), 'the file is a PowerPoint presentation.'],
    [
      'prices.xlsx',
      text('PK\u0003\u0004mimetypeapplication/vnd.oasis.opendocument'),
      'the file is an OpenDocument file.',
    ],
    ['prices.docx', bytes('d0cf11e0a1b11ae1'), 'old format, or one with a password. Open it in Office and save it'],
    ['prices.pdf', text('Tea'), 'the file is text. Give it a name that ends in .txt, .md or .csv.'],
    ['prices.csv', text('<html><p>'), 'the file is a web page. Give it a name that ends in .html.'],
    ['prices.txt', bytes('89504e470d0a1a0a'), 'the file is a picture (PNG).'],
    ['prices.txt', bytes('4d5a90000300'), 'the file is a Windows program.'],
    ['prices.txt', bytes('54656100000054'), 'the file is no text'],
    ['prices.doc', text('Tea'), 'Word’s old format. Open it in Word and save it as DOCX or PDF.'],
    ['prices.xls', text('Tea'), 'Excel’s old format. Open it in Excel and save it as XLSX or CSV.'],
    ['prices.ppt', text('Tea'), 'Presentations are not read. Save it as PDF.'],
    ['prices.xlsm', text('Tea'), 'Workbooks with macros are not taken. Save it as XLSX.'],
    ['prices.zip', text('PK'), 'Files named .zip are not read. Files that can be read: PDF'],
    ['prices', text('Tea'), 'Files that can be read: PDF'],
    ['prices.txt', new Uint8Array(), 'The file is empty.'],
  ])('that cannot be read says what it is and what to do: %s', (name, head, detail) => {
    expect(kindOfFile(name, head)).toEqual({ kind: 'refused', detail: expect.stringContaining(detail) });
  });
});

describe('the name that is shown', () => {
  it.each([
    ['/etc/../prices.pdf', 'prices.pdf'],
    ['C:\\Documents\\prices.pdf', 'prices.pdf'],
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
    ['pri\0ces\n.pdf', 'prices.pdf'],
    ['  Preis\u00A0liste  .pdf', 'Preis liste .pdf'],
    [`${'🍰'.repeat(300)}.pdf`, `${'🍰'.repeat(98)}.pdf`],
    ['../..', '..'],
    ['', 'file'],
    ['.pdf', 'file.pdf'],
  ])('of %j is %j', (given, shown) => {
    expect(shownFileName(given)).toBe(shown);
  });

  it.each([
    ['Price_list_2026.pdf', 'Price list 2026'],
    ['prices.tar.csv', 'prices.tar'],
    ['file', 'file'],
  ])('of %j becomes the title %j', (name, title) => {
    expect(titleOfFile(name)).toBe(title);
  });
});
