import { headBytes } from './file-kind.js';

/** The first bytes, and the whole of it with them. */
export async function beginningOf(
  content: AsyncIterable<Uint8Array>,
): Promise<{ readonly head: Uint8Array; readonly content: AsyncIterable<Uint8Array> }> {
  const rest = content[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  let length = 0;
  while (length < headBytes) {
    const next = await rest.next();
    if (next.done === true) break;
    read.push(next.value);
    length += next.value.byteLength;
  }
  const head = new Uint8Array(Math.min(length, headBytes));
  let at = 0;
  for (const chunk of read) {
    const part = chunk.subarray(0, head.length - at);
    head.set(part, at);
    at += part.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* read;
    yield* { [Symbol.asyncIterator]: () => rest };
  }
  return { head, content: all() };
}
