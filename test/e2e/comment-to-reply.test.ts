import { describe, expect, it } from 'vitest';
import { stackForThisFile } from '../support/stack.js';

const stack = stackForThisFile();

describe('a comment on its way', () => {
  it('is answered from the knowledge when it is a question', async () => {
    const { vendors } = stack();
    const id = await vendors.comment('Hi! How much is delivery?', { username: 'tom_walks' });
    await stack().untilFinal([id], 30_000);
    expect(await vendors.thread(id)).toEqual([expect.stringContaining('250')]);
    expect(await vendors.replyCalls(id)).toBe(1);
  });
});
