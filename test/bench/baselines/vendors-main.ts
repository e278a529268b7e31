import { createServer, type IncomingMessage } from 'node:http';
import { bakeryAccount } from '../../../apps/sandbox/src/bakery/account.js';
import type { RecordedCall } from '../support/recorded-call.js';
import { listen } from './listen.js';

// Every vendor at once, without delay, ledger or thought: the answers are written beforehand, so that what is measured
// is the product. What comes is recorded once of each kind, for the bare loop to repeat.

const recorded = new Map<RecordedCall['kind'], RecordedCall>();
let published = 0;

const classification = modelAnswer({
  class: 'question / inquiry',
  confidence: 96,
  reason: 'Asks whether the shop delivers.',
  language: 'en',
});
const answer = modelAnswer({
  answerable: true,
  answer: 'Yes, we deliver in the city every day, and the courier is usually with you soon after you order.',
  sources: ['S1'],
});

function modelAnswer(output: object): string {
  return JSON.stringify({
    id: 'resp_bench',
    object: 'response',
    status: 'completed',
    error: null,
    incomplete_details: null,
    output: [
      {
        type: 'message',
        id: 'msg_bench',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text: JSON.stringify(output), annotations: [] }],
      },
    ],
    usage: { input_tokens: 900, output_tokens: 40, total_tokens: 940 },
  });
}

/** All texts mean the same: what is found does not matter here, that it is looked for does. */
const embedding = JSON.stringify(Array.from({ length: 1_536 }, (_, at) => Number((Math.sin(at) / 28).toFixed(8))));

function embeddings(texts: number): string {
  const data = Array.from(
    { length: texts },
    (_, index) => `{"object":"embedding","index":${index},"embedding":${embedding}}`,
  );
  return `{"object":"list","data":[${data.join(',')}],"model":"bench","usage":{"prompt_tokens":12,"total_tokens":12}}`;
}

function answerTo(request: IncomingMessage, body: string): string {
  const { method = '', url = '' } = request;
  if (url.includes('/embeddings')) {
    const { input } = JSON.parse(body) as { input: string | readonly string[] }; // our own worker's words
    const texts = typeof input === 'string' ? 1 : input.length;
    // A question, not the passages.
    if (texts === 1) record('embedding', request, body);
    return embeddings(texts);
  }
  if (url.startsWith('/openai/')) {
    const kind = body.includes('"reply_draft"') ? 'answer' : 'classification';
    record(kind, request, body);
    return kind === 'answer' ? answer : classification;
  }
  if (url.startsWith('/telegram/')) return '{"ok":true,"result":{"message_id":1}}';
  if (method === 'POST' && url.includes('/replies')) {
    record('reply', request, body);
    published += 1;
    return `{"id":"189${String(published).padStart(14, '0')}"}`; // longer than a number can be
  }
  if (method === 'POST') return '{"success":true}';
  if (url.includes('/me?'))
    return JSON.stringify({ id: '1', user_id: bakeryAccount.id, username: bakeryAccount.username });
  if (url.includes('subscribed_apps')) return '{"data":[{"id":"1","subscribed_fields":["comments"]}]}';
  // A post when it is read by its id, an empty list when there is a list of something.
  return /\/\d+\?/u.test(url) ? '{"caption":"Honey cake","media_type":"IMAGE"}' : '{"data":[]}';
}

function record(kind: RecordedCall['kind'], { url = '', headers }: IncomingMessage, body: string): void {
  if (recorded.has(kind)) return;
  // What the client adds by itself is left to whoever repeats the call.
  const own = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding']);
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    own.has(name) || value === undefined ? [] : [[name, String(value)] as const],
  );
  recorded.set(kind, { kind, path: url, headers: Object.fromEntries(kept), body });
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = answerTo(request, Buffer.concat(chunks).toString());
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
});

await listen(server, async () => await Promise.resolve([...recorded.values()]));
