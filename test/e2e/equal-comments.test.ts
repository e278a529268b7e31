import { describe, expect, it } from 'vitest';
import { stackForThisFile } from '../support/stack.js';

const enoughMs = 60_000;
const stack = stackForThisFile();

async function modelCallsAbout(text: string): Promise<number> {
  return (await stack().vendors.ledger({ vendor: 'openai', target: text })).length;
}

// CL-4
describe('the same words under the same post', () => {
  it('are understood by one call, and each comment says how its verdict came about', async () => {
    const { vendors } = stack();
    const text = 'Wonderful, the best rye bread of my life!';
    const ids = await vendors.comments(text, { count: 40 });
    await stack().untilFinal(ids, enoughMs);
    expect(await modelCallsAbout(text)).toBe(1);

    const later = await vendors.comment(text.toUpperCase());
    await stack().untilFinal([later], enoughMs);
    expect(await modelCallsAbout(text.toUpperCase())).toBe(0);
    const how = await Promise.all([...ids, later].map(async (id) => (await stack().reasonsOf(id))[1]));
    expect(how.filter((reason) => reason === 'classified')).toHaveLength(1);
    expect(how.filter((reason) => reason === 'classified-as-before')).toHaveLength(40);
    expect((await stack().decisions(later))?.comment.verdict?.class).toBe('positive');
  });

  it('are found by a worker that was started later', async () => {
    const { vendors } = stack();
    const text = 'Thank you for the lovely evening!';
    await stack().untilFinal([await vendors.comment(text)], enoughMs);
    await stack().endWorkers('SIGKILL');
    await stack().startWorker();
    const again = await vendors.comment(text);
    await stack().untilFinal([again], enoughMs);
    expect(await modelCallsAbout(text)).toBe(1);
    expect(await stack().reasonsOf(again)).toContain('classified-as-before');
  });
});
