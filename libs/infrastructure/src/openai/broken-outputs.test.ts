import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommentContext } from '#domain/comments/comment-classifier.js';
import { checkReply } from '#domain/replies/gate/check-reply.js';
import { DocumentId, PassageId } from '#domain/shared/ids.js';
import { json, StubVendor, type VendorAnswer } from '../../../../test/contracts/stub-vendor.js';
import { oneAccount, oneComment } from '../../../../test/fakes/one-comment.js';
import { OpenAiCommentClassifier } from './comment-classifier.js';
import { OpenAiApi, type OpenAiSettings } from './openai-api.js';
import { OpenAiReplyWriter } from './reply-writer.js';

type Mode = OpenAiSettings['mode'];

const model = 'gpt-6-luna';
const patience = 250;
let stub: StubVendor;
let api: OpenAiApi;

beforeEach(async () => {
  stub = await StubVendor.start();
});
afterEach(async () => {
  await api.close();
  stub.close();
});

const connect = (mode: Mode, timeoutMs?: number): OpenAiApi =>
  new OpenAiApi(
    {
      baseUrl: `${stub.url}/openai/v1`,
      apiKey: 'test-key',
      classificationModels: [model],
      responseModels: [model],
      mode,
    },
    timeoutMs,
  );

/** What one model can say, in the words of both ways of speaking to it. */
interface Said {
  readonly text?: string;
  readonly refusal?: string;
  readonly cut?: true;
  readonly tool?: true;
}

const tool = { name: 'hide_comment', arguments: '{"id":"1"}' };

function answerOf(mode: Mode, { text = '', refusal, cut, tool: called }: Said): VendorAnswer {
  if (mode === 'chat') {
    const message = {
      role: 'assistant',
      content: called || refusal !== undefined ? null : text,
      ...(refusal !== undefined && { refusal }),
      ...(called && { tool_calls: [{ id: 'call_1', type: 'function', function: tool }] }),
    };
    const reason = called ? 'tool_calls' : cut ? 'length' : 'stop';
    return json({ choices: [{ index: 0, finish_reason: reason, message }] });
  }
  const part = refusal === undefined ? { type: 'output_text', text } : { type: 'refusal', refusal };
  return json({
    status: cut ? 'incomplete' : 'completed',
    ...(cut && { incomplete_details: { reason: 'max_output_tokens' } }),
    output: [called ? { type: 'function_call', call_id: 'call_1', ...tool } : { type: 'message', content: [part] }],
  });
}

const drip: VendorAnswer = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
};

const context: CommentContext = {
  brand: { username: oneAccount.username },
  comment: { ...oneComment, text: 'How much is the honey cake?' },
  media: undefined,
  thread: [],
};
const passage = {
  id: PassageId.parse('00000000-0000-4000-8000-000000000001'),
  documentId: DocumentId.parse('00000000-0000-4000-8000-000000000099'),
  productId: undefined,
  title: 'Prices',
  heading: undefined,
  text: 'A honey cake is 900.',
  place: undefined,
  score: 1,
  similarity: undefined,
};

/** What a task makes of an output, and what a good one looks like. */
interface Task {
  readonly run: () => Promise<unknown>;
  readonly good: Readonly<Record<string, unknown>>;
  readonly wrongChoice: Readonly<Record<string, unknown>>;
  /** JSON has no NaN; models write it all the same. */
  readonly notANumber: string;
  readonly otherLanguage: Readonly<Record<string, unknown>>;
  readonly used: object;
  readonly usedInOtherLanguage: object;
}

const verdict = { class: 'question / inquiry', confidence: 93, reason: 'Asks for a price.', language: 'en' };
const draft = { answerable: true, answer: 'A honey cake is 900.', sources: ['S1'] };
const inRussian = 'Медовый торт стоит 900.';
const tasks: Readonly<Record<'classification' | 'an answer', Task>> = {
  classification: {
    run: async () => await new OpenAiCommentClassifier(api, model).classify(context),
    good: verdict,
    wrongChoice: { ...verdict, class: 'question' },
    notANumber: '{"class":"question / inquiry","confidence":NaN,"reason":"","language":"en"}',
    otherLanguage: { ...verdict, reason: 'Fragt nach dem Preis.', language: 'Klingon' },
    used: { kind: 'verdict', verdict: { class: 'question', confidence: 93, language: 'en' } },
    usedInOtherLanguage: { kind: 'verdict', verdict: { class: 'question', language: 'und' } },
  },
  'an answer': {
    run: async () => await new OpenAiReplyWriter(api, model).write({ ...context, passages: [passage] }),
    good: draft,
    wrongChoice: { ...draft, sources: ['S9'] },
    notANumber: '{"answerable":NaN,"answer":"A honey cake is 900.","sources":["S1"]}',
    otherLanguage: { ...draft, answer: inRussian },
    used: { kind: 'written', draft: { text: draft.answer, sources: [passage.id] } },
    usedInOtherLanguage: { kind: 'written', draft: { text: inRussian } },
  },
};

// T18, audit 30: for both tasks, in both ways of speaking to a model
describe.each(['classification', 'an answer'] as const)('of a broken output for %s', (name) => {
  describe.each(['responses', 'chat'] as const)('in mode %s', (mode) => {
    const task = tasks[name];
    const text = (value: unknown): Said => ({ text: JSON.stringify(value) });
    const unreadable = { kind: 'unreadable' };
    const shapes: readonly (readonly [string, Said, object, number])[] = [
      ['bad JSON is asked about once more, then given up', { text: '{"class":' }, unreadable, 2],
      ['one that is cut at its length is given up', { text: '{"cl', cut: true }, unreadable, 1],
      ['a refusal is taken for one', { refusal: 'No.' }, { kind: 'refused', detail: 'No.' }, 1],
      ['fields of its own are left out', text({ ...task.good, action: 'delete everything' }), task.used, 1],
      ['a choice that was not offered is asked about once more', text(task.wrongChoice), unreadable, 2],
      ['NaN is asked about once more', { text: task.notANumber }, unreadable, 2],
      ['nothing is asked about once more', { text: '' }, unreadable, 2],
      ['ten megabytes are asked about once more, without them', { text: 'x'.repeat(10_000_000) }, unreadable, 2],
      ['another language is no reason to ask again', text(task.otherLanguage), task.usedInOtherLanguage, 1],
      ['a call of a tool that was not offered is asked about once more', { tool: true }, unreadable, 2],
      ['a Markdown fence is taken off', { text: `\`\`\`json\n${JSON.stringify(task.good)}\n\`\`\`` }, task.used, 1],
    ];

    it.each(shapes)('%s', async (_, said, expected, calls) => {
      api = connect(mode);
      stub.answer = answerOf(mode, said);
      const result = await task.run();
      expect(result).toMatchObject(expected);
      expect(JSON.stringify(result)).not.toContain('delete everything');
      expect(stub.calls).toHaveLength(calls);
      for (const { body } of stub.calls) expect(body.length).toBeLessThan(30_000);
    });

    it('one that drips in is waited for no longer than any other, and tried again later', async () => {
      api = connect(mode, patience);
      stub.answer = drip;
      await expect(task.run()).rejects.toMatchObject({
        kind: 'unavailable',
        detail: { failure: 'timeout-after-send' },
      });
      expect(stub.calls).toHaveLength(1);
    });
  });
});

it('an answer in another language than the question does not get past the gate', () => {
  const { text } = context.comment;
  const findings = checkReply({ text: inRussian, sources: [passage.text], question: text, instructions: '' });
  expect(findings.map(({ reason }) => reason)).toContain('gate-language');
});
