import { describe, expect, it } from 'vitest';
import { stackForThisFile } from '../support/stack.js';

const enoughMs = 60_000;
const stack = stackForThisFile();

// PO-7, CL-1
describe('why a comment went as it did', () => {
  it('after a model answer that did not fit, and its repair, says so', async () => {
    const { vendors } = stack();
    const text = 'The rye bread was a dream, thank you!';
    const effect = { kind: 'output', text: 'a positive one, I think' };
    await vendors.fault({ vendor: 'openai', match: { text }, times: 1, effect });
    const id = await vendors.comment(text);
    await stack().untilFinal([id], enoughMs);
    expect(await stack().reasonsOf(id)).toEqual(['received', 'classified-after-repair', 'left-visible']);
  });
});
