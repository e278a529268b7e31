import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { Document as WordDocument, HeadingLevel, ImageRun, Packer, Paragraph } from 'docx';
import Pdf from 'pdfkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const megabyte = 1024 * 1024;
/** A few as a rule; `KNOWLEDGE_MEGABYTES=100` for the whole. */
const megabytes = Number(process.env['KNOWLEDGE_MEGABYTES'] ?? 6);
const withinMs = 120_000 + megabytes * 20_000;
/** The reader's own bound, and what a worker may take above what it takes when it has nothing to do. */
const mostReader = 640 * megabyte;
const mostGrowth = 400 * megabyte;

const stack = stackForThisFile({ environment: { LOG_LEVEL: 'error' } });
const documentView = z.object({
  id: z.string(),
  state: z.string(),
  detail: z.string().optional(),
  passages: z.number(),
});

/** Prose that differs from paragraph to paragraph. */
function prose(seed: number, paragraphs: number): readonly string[] {
  const words = 'dough flour oven rye butter honey morning crust yeast sugar baker window street table basket'.split(
    ' ',
  );
  return Array.from({ length: paragraphs }, (_, at) =>
    Array.from({ length: 120 }, (__, index) => words[(seed * 31 + at * 17 + index * index) % words.length]).join(' '),
  ).map((text, at) => `Paragraph ${seed}.${at}: ${text}.`);
}

async function pdf(seed: number): Promise<Buffer> {
  const file = new Pdf({ compress: false });
  file.fontSize(24).text(`Part ${seed}`).fontSize(10);
  for (const text of prose(seed, 400)) file.text(text).moveDown();
  file.end();
  return await buffer(file);
}

/** As large as real ones are: most of a document are its pictures. */
async function docx(seed: number): Promise<Buffer> {
  const head = new Paragraph({ text: `Part ${seed}`, heading: HeadingLevel.HEADING_1 });
  const children = [head, ...prose(seed, 200).map((text) => new Paragraph(text))];
  const picture = new ImageRun({
    type: 'png',
    data: randomBytes(3 * megabyte),
    transformation: { width: 100, height: 100 },
  });
  return await Packer.toBuffer(
    new WordDocument({ sections: [{ children: [...children, new Paragraph({ children: [picture] })] }] }),
  );
}

function csv(seed: number): Buffer {
  const rows = Array.from(
    { length: 8_000 },
    (_, at) => `Product ${seed}-${at},${at},${randomBytes(40).toString('hex')}`,
  );
  return Buffer.from(['Name,Price,Code', ...rows].join('\n'));
}

async function upload(name: string, content: Buffer): Promise<string> {
  const form = new FormData();
  form.set('title', name);
  form.set('file', new Blob([new Uint8Array(content)]), name);
  const answer = await fetch(`${stack().apiUrls[0]}/api/v1/knowledge/files`, { method: 'POST', body: form });
  const body: unknown = await answer.json();
  if (!answer.ok) throw new Error(`the upload of ${name} was answered ${answer.status}: ${JSON.stringify(body)}`);
  return documentView.parse(body).id;
}

/** Resident memory in bytes; 0 when the process is gone. */
async function memoryOf(pid: number | string, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024;
}
async function childrenOf(pid: number): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name));
  const parents = await Promise.all(
    pids.map(async (child) => ({
      child,
      parent: Number(/\) \S (\d+)/u.exec(await readFile(`/proc/${child}/stat`, 'utf8').catch(() => ''))?.[1]),
    })),
  );
  return parents.filter(({ parent }) => parent === pid).map(({ child }) => child);
}

describe(`${megabytes} MB of documents`, { timeout: withinMs + 60_000 }, () => {
  it('are indexed within bounds of memory, of the readers and of the worker', async () => {
    const [worker] = stack().workers;
    const pid = worker?.pid ?? 0;
    const before = await memoryOf(pid, 'VmRSS');
    const peaks = { reader: 0, worker: 0 };
    const done = new AbortController();
    const watching = (async () => {
      while (!done.signal.aborted) {
        peaks.worker = Math.max(peaks.worker, await memoryOf(pid, 'VmRSS'));
        for (const child of await childrenOf(pid)) {
          peaks.reader = Math.max(peaks.reader, await memoryOf(child, 'VmHWM'));
        }
        await wait(50);
      }
    })();

    const began = performance.now();
    const ids: string[] = [];
    let bytes = 0;
    for (let seed = 0; bytes < megabytes * megabyte; seed += 1) {
      const files = { pdf: await pdf(seed), docx: await docx(seed), csv: csv(seed) };
      for (const [type, content] of Object.entries(files)) {
        ids.push(await upload(`part-${seed}.${type}`, content));
        bytes += content.length;
      }
    }
    const documents = await until('all documents', withinMs, async () => {
      const all: z.output<typeof documentView>[] = [];
      for (const id of ids) {
        const { status, body } = await stack().admin('GET', `knowledge/documents/${id}`);
        if (status !== 200) return undefined; // the embedded database does one thing at a time, and a swap takes seconds
        const document = documentView.parse(body);
        if (document.state === 'pending' || document.state === 'processing') return undefined;
        all.push(document);
      }
      return all;
    });
    const seconds = (performance.now() - began) / 1_000;
    done.abort();
    await watching;
    const mb = (figure: number): string => (figure / megabyte).toFixed(0);
    const passages = documents.reduce((sum, document) => sum + document.passages, 0);
    process.stdout.write(
      `${mb(bytes)} MB in ${ids.length} files: ${passages} passages with vectors in ${seconds.toFixed(0)} s; ` +
        `memory of a reader at most ${mb(peaks.reader)} MB, of the worker ${mb(before)} MB before, ${mb(peaks.worker)} MB at most\n`,
    );
    expect(documents.filter(({ state }) => state !== 'ready')).toEqual([]);
    const [made] = await stack().sql<{ vectors: number }>('SELECT count(*)::int AS vectors FROM passage_vectors');
    expect(made?.vectors).toBeGreaterThanOrEqual(passages);
    expect(peaks.reader).toBeGreaterThan(0);
    expect(peaks.reader).toBeLessThan(mostReader * 1.1);
    expect(peaks.worker - before).toBeLessThan(mostGrowth);
  });
});
