import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const enoughMs = 60_000;
const stack = stackForThisFile({ workers: 2 });
const found = z.object({
  passages: z.array(z.object({ heading: z.string().nullable(), similarity: z.number().nullable() })),
});

async function search(question: string) {
  const { body } = await stack().admin('GET', `knowledge/search?question=${encodeURIComponent(question)}`);
  return found.parse(body).passages;
}

// KN-3
describe('searching in the whole product', () => {
  it('finds by meaning what was said in other words, as soon as the background has made the vectors', async () => {
    await until('a passage that shares no word with the question', enoughMs, async () => {
      const [first] = await search('Is there somewhere to sit down?');
      return first?.heading === 'Addresses' && (first.similarity ?? 0) > 0.25;
    });
    expect((await search('Who won the election in Peru?')).filter(({ similarity }) => similarity !== null)).toEqual([]);
  });

  it('answers by words while nobody makes vectors', async () => {
    const { vendors } = stack();
    await vendors.fault({ vendor: 'openai', call: 'embed', times: 0, effect: { kind: 'status', status: 500 } });
    try {
      const id = await vendors.comment('How much does delivery cost, all in all?');
      await stack().untilFinal([id], enoughMs);
      expect(await vendors.thread(id)).toEqual([expect.stringContaining('250')]);
      expect(
        (await vendors.ledger({ vendor: 'openai', call: 'embed' })).filter(({ status }) => status === 500),
      ).not.toEqual([]);
    } finally {
      await vendors.clearFaults();
    }
  });

  // T31: both workers had it in their hands a moment ago, and neither remembers.
  it('leaves a document out of every worker\u2019s answers from the moment on that it is removed', async () => {
    const { vendors } = stack();
    const document = { title: 'Parking', text: 'There is free parking for bicycles behind the shop.' };
    const { body } = await stack().admin('POST', 'knowledge/documents', document);
    const { id: documentId } = z.object({ id: z.string() }).parse(body);
    const ask = async (round: string): Promise<readonly string[]> => {
      const ids = await Promise.all(
        Array.from({ length: 6 }, async (_, n) => await vendors.comment(`Is there parking for bicycles? ${round}${n}`)),
      );
      await stack().untilFinal(ids, enoughMs);
      return (await Promise.all(ids.map(async (id) => await vendors.thread(id)))).flat();
    };
    const before = await ask('before');
    expect(before.filter((text) => text.includes('bicycles'))).toHaveLength(6);
    const address = `${stack().apiUrls[0] ?? ''}/api/v1/knowledge/documents/${documentId}`;
    expect((await fetch(address, { method: 'DELETE' })).status).toBe(204);
    expect(await ask('after')).toEqual([]);
  });
});
