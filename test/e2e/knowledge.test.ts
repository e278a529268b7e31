import { Document as WordDocument, HeadingLevel, Packer, Paragraph } from 'docx';
import ExcelJS from 'exceljs';
import { buffer } from 'node:stream/consumers';
import Pdf from 'pdfkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { embeddingRules } from '#domain/knowledge/embedder.js';
import { AccountId } from '#domain/shared/ids.js';
import { dataSource } from '#infrastructure/postgres/data-source.js';
import { Database } from '#infrastructure/postgres/database.js';
import { knowledgeOn } from '../support/searching.js';
import { stackForThisFile, type CrashPoint } from '../support/stack.js';
import { until } from '../support/until.js';

const documentView = z.object({
  id: z.string(),
  accountId: z.string(),
  state: z.string(),
  detail: z.string().optional(),
  version: z.number(),
  passages: z.number(),
});
type DocumentView = z.output<typeof documentView>;
const indexView = z.object({
  active: z.object({ name: z.string() }).optional(),
  models: z.array(z.object({ name: z.string(), state: z.string() })),
  passages: z.number(),
  withoutVector: z.number(),
});
const asked = z.object({ model: z.string(), input: z.array(z.string()) });

const stack = stackForThisFile();
let database: Database;
beforeAll(async () => {
  database = new Database(await dataSource(stack().databaseUrl, 'knowledge-test').initialize());
});
afterAll(async () => await database.close());

async function upload(name: string, title: string, content: string | Buffer): Promise<DocumentView> {
  const form = new FormData();
  form.set('title', title);
  form.set('file', new Blob([new Uint8Array(Buffer.from(content))]), name);
  const answer = await fetch(`${stack().apiUrls[0]}/api/v1/knowledge/files`, { method: 'POST', body: form });
  const body: unknown = await answer.json();
  if (!answer.ok) throw new Error(`the upload of ${name} was answered ${answer.status}: ${JSON.stringify(body)}`);
  return documentView.parse(body);
}
async function read(id: string): Promise<DocumentView> {
  return documentView.parse((await stack().admin('GET', `knowledge/documents/${id}`)).body);
}
async function ended(id: string): Promise<DocumentView> {
  return await until('the end of indexing', 60_000, async () => {
    const document = await read(id);
    return (document.state === 'ready' || document.state === 'failed') && document;
  });
}
const knowledgeIndex = async () => indexView.parse((await stack().admin('GET', 'knowledge/index')).body);
const textsOf = async (id: string): Promise<readonly string[]> => {
  const statement = 'SELECT text FROM passages WHERE document_id = $1 ORDER BY position';
  return (await stack().sql<{ text: string }>(statement, [id])).map(({ text }) => text);
};
/** Every text that was sent to be embedded and in which this stands, as often as it was. */
const embedded = async (word: string): Promise<readonly string[]> =>
  (await stack().vendors.ledger({ vendor: 'openai', call: 'embed' }))
    .flatMap(({ request }) => asked.parse(request).input)
    .filter((text) => text.includes(word));

async function pdf(heading: string, text: string): Promise<Buffer> {
  const file = new Pdf();
  file.fontSize(26).text(heading).fontSize(11).text(text);
  file.end();
  return await buffer(file);
}
async function docx(heading: string, text: string): Promise<Buffer> {
  const title = new Paragraph({ text: heading, heading: HeadingLevel.HEADING_1 });
  return await Packer.toBuffer(new WordDocument({ sections: [{ children: [title, new Paragraph(text)] }] }));
}
async function xlsx(sheet: string, rows: readonly (readonly string[])[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  book.addWorksheet(sheet).addRows(rows.map((row) => [...row]));
  return Buffer.from(await book.xlsx.writeBuffer());
}

interface Sample {
  readonly name: string;
  readonly content: () => Promise<Buffer> | string;
  readonly question: string;
  /** What is found, or matchers of it. */
  readonly found: object;
}
const samples: readonly Sample[] = [
  {
    name: 'pretzel-class.pdf',
    content: async () =>
      await pdf('Pretzel class', 'A baker teaches children how to twist pretzels every Thursday. A seat is 25 euros.'),
    question: 'My children would like to learn twisting pretzels',
    found: {
      heading: 'Pretzel class',
      place: expect.stringContaining('page 1'),
      text: expect.stringContaining('A seat is 25 euros'),
    },
  },
  {
    name: 'lost-property.docx',
    content: async () =>
      await docx('Lost umbrellas', 'We keep forgotten umbrellas and scarves behind the counter for thirty days.'),
    question: 'I forgot my umbrella at your counter, is it still there?',
    found: { heading: 'Lost umbrellas', text: expect.stringContaining('for thirty days') },
  },
  {
    name: 'machines.xlsx',
    content: async () =>
      await xlsx('Machines', [
        ['Machine', 'Rent per week'],
        ['Waffle iron', '18 euros'],
        ['Dough mixer', '40 euros'],
      ]),
    question: 'Can I rent a waffle iron for one week?',
    found: {
      place: expect.stringContaining('sheet Machines, row 2'),
      text: expect.stringContaining('Rent per week: 18 euros'),
    },
  },
  {
    name: 'parking.csv',
    content: () => 'Street,Parking\nHarbour lane,Free parking after six\nMill road,No parking at all\n',
    question: 'Where is parking free after six?',
    found: {
      place: expect.stringContaining('row 2'),
      text: expect.stringContaining('Parking: Free parking after six'),
    },
  },
  {
    name: 'newsletter.txt',
    content: () => 'Subscribers of the newsletter receive a jar of apricot jam with their second purchase.',
    question: 'What do newsletter subscribers receive?',
    found: { place: expect.stringContaining('line 1'), text: expect.stringContaining('a jar of apricot jam') },
  },
  {
    name: 'dogs.md',
    content: () => '# Visiting\n\n## Dogs\n\nDogs on a leash may sit on the terrace, and get a bowl of water.\n',
    question: 'May dogs sit on your terrace?',
    found: {
      heading: 'Visiting \u203a Dogs',
      place: expect.stringContaining('line'),
      text: expect.stringContaining('a bowl of water'),
    },
  },
  {
    name: 'music.html',
    content: () =>
      '<!doctype html><html><head><title>x</title></head><body><h1>Concerts</h1><p>A jazz trio plays on the first Friday.</p></body></html>',
    question: 'When does the jazz trio play?',
    found: { heading: 'Concerts', text: expect.stringContaining('on the first Friday') },
  },
];

const answered = z.object({
  outcome: z.string(),
  answer: z.string().nullable(),
  findings: z.array(z.unknown()),
  sources: z.array(z.object({ documentId: z.string().nullable(), cited: z.boolean() })),
});

// KN-1, KN-2, KN-3, KN-5
describe('a real file', () => {
  it.each(samples)('$name is uploaded, indexed, found by a question in other words, and answers it', async (sample) => {
    const title = `About ${sample.name}`;
    const { id, accountId } = await upload(sample.name, title, await sample.content());
    const document = await ended(id);
    expect(document).toMatchObject({ state: 'ready', version: 1 });
    const [best] = await knowledgeOn(database).search(AccountId.parse(accountId), sample.question, 3);
    expect(best).toMatchObject({ documentId: id, title, ...sample.found });
    expect(best?.similarity).toBeGreaterThan(0);

    const tried = await stack().admin('POST', 'knowledge/questions', { question: sample.question });
    const { answer, sources, ...rest } = answered.parse(tried.body);
    process.stdout.write(`${sample.name}: ${sample.question} -> ${rest.outcome}: ${answer}\n`);
    expect(rest).toEqual({ outcome: 'would-be-published', findings: [] });
    expect(answer).not.toBeNull();
    expect(sources.filter(({ cited }) => cited).map(({ documentId }) => documentId)).toEqual([id]);
  });
});

describe('a worker killed with SIGKILL while it indexes', { timeout: 240_000 }, () => {
  const sections = 150;
  const text = (version: string): string =>
    Array.from({ length: sections }, (_, index) => `# Section ${index}\n\n${version} says ${index}.`).join('\n\n');

  // Statements of libs/infrastructure/src/postgres: if one is worded anew, its crash never happens and the test says so.
  const points: readonly (CrashPoint & { readonly name: string; readonly lost: number; readonly swapped?: true })[] = [
    { name: 'claimed', when: 'after', statement: `UPDATE documents SET state = 'processing', epoch`, lost: 0 },
    { name: 'readnotkept', when: 'before', statement: 'prepared_total = $3', lost: 0 },
    { name: 'cut', when: 'after', statement: 'prepared_total = $3', lost: 0 },
    { name: 'embedded', when: 'after', statement: 'UPDATE documents SET prepared_done', lost: 0 },
    {
      name: 'embeddednotkept',
      when: 'before',
      statement: 'UPDATE documents SET prepared_done',
      lost: embeddingRules.textsAtOnce,
    },
    { name: 'swapping', when: 'before', statement: 'INSERT INTO passages (id, document_id', lost: 0 },
    { name: 'swapped', when: 'after', statement: `state = 'ready', version = version + 1`, lost: 0, swapped: true },
  ];

  it('leaves the version before in use; the next one completes it, and embeds nothing twice but the batch in hand', async () => {
    const { id } = await ended((await upload('manual.md', 'Manual', text('original'))).id);
    let before = 'original';
    for (const { name, lost, swapped, ...crashAt } of points) {
      await stack().endWorkers('SIGTERM');
      const { version } = await read(id);
      await upload('manual.md', 'Manual', text(name));
      const worker = await stack().startWorker({ crashAt });
      await until(`the crash when ${name}`, 60_000, () => worker.hasEnded());
      expect(await worker.ended).toMatchObject({ text: 'SIGKILL' });

      const inUse = await textsOf(id);
      expect(inUse, `when ${name}`).toHaveLength(sections);
      const served = swapped ? name : before;
      expect(
        inUse.every((each) => each.startsWith(`${served} says`)),
        `when ${name}`,
      ).toBe(true);

      // As if the lease of the dead one were over.
      await stack().sql('UPDATE documents SET due_at = now() WHERE due_at IS NOT NULL');
      await stack().startWorker();
      await expect(ended(id)).resolves.toMatchObject({ state: 'ready', version: version + 1, passages: sections });
      expect(
        (await textsOf(id)).every((each) => each.startsWith(`${name} says`)),
        `when ${name}`,
      ).toBe(true);
      const sent = await embedded(`${name} says`);
      expect(new Set(sent).size, `when ${name}`).toBe(sections);
      expect(sent.length, `when ${name}`).toBe(sections + lost);
      before = name;
    }
  });
});

describe('knowledge', () => {
  it('that is uploaded twice at once under one title is one document', async () => {
    const [one, two] = await Promise.all([
      upload('one.txt', 'Twice', 'The first one speaks of marzipan.'),
      upload('two.txt', 'Twice', 'The second one speaks of nougat.'),
    ]);
    expect(one?.id).toBe(two?.id);
    await ended(one?.id ?? '');
    await expect(textsOf(one?.id ?? '')).resolves.toHaveLength(1);
  });

  it('is used although no vectors can be made; they follow when the model is back', async () => {
    await stack().vendors.fault({ vendor: 'openai', call: 'embed', times: 0, effect: { kind: 'status', status: 503 } });
    const { id } = await upload('away.txt', 'Away', 'While the model was away we baked gingerbread.');
    const wait = until('the document without vectors', 120_000, async () => {
      await stack().sql('UPDATE documents SET due_at = now() WHERE attempts > 0 AND due_at IS NOT NULL');
      return (await read(id)).state === 'ready';
    });
    await wait;
    expect((await knowledgeIndex()).withoutVector).toBeGreaterThan(0);
    await stack().vendors.clearFaults();
    await until('its vectors', 120_000, async () => (await knowledgeIndex()).withoutVector === 0);
  });

  // KN-6
  it('is searched with the old vectors until those of another model are complete; comments are answered meanwhile', async () => {
    const { active, passages } = await knowledgeIndex();
    expect(active?.name).toBe('text-embedding-3-small');
    await stack().endWorkers('SIGTERM');
    const environment = { OPENAI_MODEL_EMBEDDING: 'text-embedding-3-large', OPENAI_EMBEDDING_DIMENSIONS: '3072' };
    await Promise.all([stack().startWorker({ environment }), stack().startWorker({ environment })]);
    const comments = await stack().vendors.comments('How much is delivery?', { count: 5 });
    await until(
      'the other model',
      120_000,
      async () => (await knowledgeIndex()).active?.name === 'text-embedding-3-large',
    );
    await stack().untilFinal(comments, 60_000);
    for (const id of comments) await expect(stack().vendors.thread(id)).resolves.toHaveLength(1);
    const calls = (await stack().vendors.ledger({ vendor: 'openai', call: 'embed' })).map(({ request }) =>
      asked.parse(request),
    );
    const large = calls.filter(({ model, input }) => model === 'text-embedding-3-large' && input.length > 1);
    expect(large.reduce((sum, { input }) => sum + input.length, 0)).toBeLessThanOrEqual(passages);
    expect((await knowledgeIndex()).models).toContainEqual(
      expect.objectContaining({ name: 'text-embedding-3-small', state: 'retired' }),
    );
  });
});
