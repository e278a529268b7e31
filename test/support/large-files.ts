import { buffer } from 'node:stream/consumers';
import { Document, Packer, Paragraph } from 'docx';
import exceljs from 'exceljs';
import Pdf from 'pdfkit';

/** A PDF of some hundred pages, not packed: as heavy as one with pictures. */
export async function largePdf(lines: readonly string[]): Promise<Buffer> {
  const pdf = new Pdf({ compress: false });
  for (const line of lines.slice(0, 6_000)) pdf.fontSize(11).text(line);
  pdf.end();
  return await buffer(pdf);
}

export async function largeDocx(lines: readonly string[]): Promise<Buffer> {
  const children = lines.map((line) => new Paragraph(line));
  return await Packer.toBuffer(new Document({ sections: [{ children }] }));
}

export async function largeXlsx(lines: readonly string[]): Promise<Buffer> {
  const workbook = new exceljs.Workbook();
  const sheet = workbook.addWorksheet('Cakes');
  sheet.addRow(['Number', 'Text', 'Price']);
  lines.forEach((line, index) => sheet.addRow([index, line, index / 2]));
  return Buffer.from(await workbook.xlsx.writeBuffer());
}
