import type { Parts } from './archive.js';
import { Refusal } from './refusal.js';

const contentTypes = '[Content_Types].xml';

/** Whether the archive says of itself that it is this kind of document. @throws Refusal */
export function checkKind(parts: Parts, kind: 'wordprocessingml.document' | 'spreadsheetml.sheet'): void {
  const told = parts.get(contentTypes)?.toString('utf8') ?? '';
  if (/macroEnabled/iu.test(told)) {
    throw new Refusal('unsafe', 'It holds macros, which are programs. Save it without macros and upload that.');
  }
  if (told.includes(`openxmlformats-officedocument.${kind}.main+xml`)) return;
  const wanted = kind.startsWith('word') ? 'DOCX' : 'XLSX';
  throw new Refusal('wrong-type', `It is an archive, but no ${wanted}: ${reallyIs(told)}. Save it as ${wanted}.`);
}

function reallyIs(told: string): string {
  if (told.includes('wordprocessingml')) return 'a Word document or template';
  if (told.includes('spreadsheetml')) return 'an Excel workbook or template';
  if (told.includes('presentationml')) return 'a PowerPoint presentation';
  return 'no Office program wrote it';
}
