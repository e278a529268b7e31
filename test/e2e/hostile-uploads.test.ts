import { buffer } from 'node:stream/consumers';
import Pdf from 'pdfkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hostileFiles } from '../support/hostile-files.js';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const stack = stackForThisFile();
const View = z.object({
  id: z.string(),
  state: z.string(),
  reason: z.string().optional(),
  detail: z.string().optional(),
});

/** Of each sort some; all of them: test/integration/hostile-files.test.ts. */
const some = [
  'archive bomb',
  'name that leads out of the archive',
  'external entity (XXE)',
  'billion laughs in XLSX',
  'macros',
  'million strings that are shared',
  'PDF bomb',
  'PDF pages in a loop',
  'PDF with a password',
  'PDF that is a scan',
  'page of 500,000 elements within each other',
  'table of a million columns',
  'picture as a PDF',
  'nothing',
];

// audit 51, T24, KN-2
describe('hostile files that are uploaded', () => {
  it('fail one by one with a reason, while the same worker goes on answering comments', async () => {
    const files = hostileFiles({ scan: await pdf(), locked: await pdf({ userPassword: 'tea' }) });
    const [worker] = stack().workers;
    const answers = [];
    for (const { kind, name, content } of files.filter((one) => some.includes(one.kind))) {
      const form = new FormData();
      form.set('title', kind);
      form.set('file', new Blob([new Uint8Array(content)]), name);
      const answer = await fetch(`${stack().apiUrls[0]}/api/v1/knowledge/files`, { method: 'POST', body: form });
      answers.push({ status: answer.status, body: await answer.json() });
    }
    expect(answers.filter(({ status }) => status !== 202)).toEqual([
      { status: 422, body: expect.objectContaining({ detail: 'The file is empty.' }) },
      { status: 422, body: expect.objectContaining({ detail: expect.stringContaining('a picture (PNG)') }) },
    ]);
    const waiting = answers.filter(({ status }) => status === 202).map(({ body }) => View.parse(body).id);
    const id = await stack().vendors.comment('Can the bread be frozen?');
    for (const document of waiting) {
      const ended = await until('the end of a hostile file', 60_000, async () => {
        const view = View.parse((await stack().admin('GET', `knowledge/documents/${document}`)).body);
        return (view.state === 'failed' || view.state === 'ready') && view;
      });
      expect(ended).toMatchObject({ state: 'failed', reason: expect.any(String), detail: expect.any(String) });
    }
    await stack().untilFinal([id], 60_000);
    expect(await stack().vendors.replyCalls(id)).toBe(1);
    expect(stack().workers.map(({ pid }) => pid)).toEqual([worker?.pid]);
    expect(waiting.length).toBeGreaterThan(10);
  });
});

async function pdf(options: PDFKit.PDFDocumentOptions = {}): Promise<Buffer> {
  const document = new Pdf(options);
  document.rect(50, 50, 300, 300).fill('red').end();
  return await buffer(document);
}
