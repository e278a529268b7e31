import { buffer } from 'node:stream/consumers';
import { Document, HeadingLevel, Packer, Paragraph, Table, TableCell, TableRow, TextRun } from 'docx';
import exceljs from 'exceljs';
import mammoth from 'mammoth';
import Pdf from 'pdfkit';
import type { FileType } from '#domain/knowledge/document-reader.js';

/** What a bakery would upload, as the usual libraries write it. */
export const realFiles: Readonly<Record<FileType, () => Promise<Buffer>>> = {
  pdf: bakeryPdf,
  docx: bakeryDocx,
  xlsx: async () => Buffer.from(await (await bakeryWorkbook()).xlsx.writeBuffer()),
  csv: async () => Buffer.from(await (await bakeryWorkbook()).csv.writeBuffer({ sheetName: 'Prices' })),
  html: async () => Buffer.from((await mammoth.convertToHtml({ buffer: await bakeryDocx() })).value),
  md: async () => await Promise.resolve(Buffer.from(bakeryPage)),
  txt: async () => Buffer.from((await mammoth.extractRawText({ buffer: await bakeryDocx() })).value),
};

/** Markdown is written by people. */
const bakeryPage = `# Delivery

We deliver every day.

Zones
-----

- Centre: within an hour
- North: within three hours
`;

async function bakeryPdf(): Promise<Buffer> {
  const pdf = new Pdf();
  pdf.fontSize(24).text('Honey bakery').moveDown();
  pdf.fontSize(16).text('Delivery').fontSize(11);
  pdf.text('We deliver every day from 9 to 20. Orders above 30 euros are delivered for free.').moveDown();
  pdf.text('Outside the city the courier needs a day longer.');
  pdf
    .addPage()
    .fontSize(16)
    .text('Allergens')
    .fontSize(11)
    .text('Every cake contains gluten; the honey cake has no nuts.');
  pdf.end();
  return await buffer(pdf);
}

async function bakeryDocx(): Promise<Buffer> {
  const row = (...cells: readonly string[]): TableRow =>
    new TableRow({ children: cells.map((text) => new TableCell({ children: [new Paragraph(text)] })) });
  const document = new Document({
    sections: [
      {
        children: [
          new Paragraph({ text: 'Delivery', heading: HeadingLevel.HEADING_1 }),
          new Paragraph({
            children: [new TextRun('We deliver '), new TextRun({ text: 'every day', bold: true }), new TextRun('.')],
          }),
          new Paragraph({ text: 'Zones', heading: HeadingLevel.HEADING_2 }),
          new Paragraph({ text: 'Centre: within an hour', bullet: { level: 0 } }),
          new Paragraph({ text: 'North: within three hours', bullet: { level: 0 } }),
          new Table({ rows: [row('Zone', 'Fee'), row('Centre', 'free'), row('North', '5 euros')] }),
        ],
      },
    ],
  });
  return await Packer.toBuffer(document);
}

async function bakeryWorkbook(): Promise<exceljs.Workbook> {
  const workbook = new exceljs.Workbook();
  const prices = workbook.addWorksheet('Prices');
  prices.columns = [
    { header: 'Cake', key: 'cake' },
    { header: 'Price', key: 'price', style: { numFmt: '#,##0.00 "€"' } },
    { header: 'From', key: 'from', style: { numFmt: 'dd.mm.yyyy' } },
  ];
  prices.addRow({ cake: 'Honey cake', price: 32.5, from: new Date('2026-03-01') });
  prices.addRow({ cake: 'Two honey cakes', price: { formula: 'B2*2', result: 65 } });
  prices.addRow({ cake: 'Not for customers', price: 1 }).hidden = true;
  workbook.addWorksheet('Notes', { state: 'hidden' }).addRow(['Margin', '80 %']);
  workbook.addWorksheet('Hours').addRows([
    ['Day', 'Open'],
    ['Sunday', 'from 10 to 16'],
  ]);
  return await Promise.resolve(workbook);
}
