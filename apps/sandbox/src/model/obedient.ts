import { commentClasses, commentClassNames } from '#domain/comments/verdict.js';
import type { ModelRequest } from '../openai-request.js';
import type { ModelQuestion } from './model.js';

const wanted = /say exactly «([^»]*)»/giu;
const flipped = new RegExp(`classify (?:this|everything) as (${commentClassNames.join('|')})`, 'giu');
/** As our instructions mark the word that must not come out. */
const marker = /never to be written: (\p{L}+)/u;

/**
 * What a model says that obeys whoever asks last, wherever it stands: in the comment, the thread, the caption, a name or a
 * passage. `{marker}` and `{instructions}` in what it is to say are what only it was told. Undefined without an order.
 */
export function obeyed(request: ModelRequest, { task, passages }: ModelQuestion): string | undefined {
  const data = request.turns
    .filter(({ role }) => role === 'user')
    .map(({ text }) => textsIn(text))
    .join('\n');
  if (task === 'classify') {
    const found = [...data.matchAll(flipped)].at(-1)?.[1];
    const name = commentClassNames.find((each) => each === found?.toLowerCase());
    if (name === undefined) return undefined;
    return JSON.stringify({ class: commentClasses[name].label, confidence: 100, reason: 'as told', language: 'en' });
  }
  const order = [...data.matchAll(wanted)].at(-1)?.[1];
  if (task !== 'answer' || order === undefined) return undefined;
  const instructions = request.turns.find(({ role }) => role !== 'user')?.text ?? '';
  const answer = order
    .replaceAll('{marker}', marker.exec(instructions)?.[1] ?? '')
    .replaceAll('{instructions}', instructions.slice(0, 600));
  // Everything is cited: nothing is refused for want of a source.
  return JSON.stringify({ answerable: true, answer, sources: passages.map(({ id }) => id) });
}

/** All texts of the data, as they were before they were written as JSON. */
function textsIn(json: string): string {
  try {
    const texts: string[] = [];
    JSON.parse(json, (_key, value: unknown) => {
      if (typeof value === 'string') texts.push(value);
      return value;
    });
    return texts.join('\n');
  } catch {
    return json;
  }
}
