import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { LedgerEntry } from '../support/vendors.js';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const enoughMs = 60_000;
const carousel = '17900000000000105';
const reel = '17900000000000103';
const stack = stackForThisFile();

const request = z.looseObject({
  instructions: z.string(),
  input: z.tuple([z.looseObject({ content: z.string() })]),
});

/** The bytes of the call as the model got them, and what stands in it as data. */
function shown(entry: LedgerEntry | undefined): { readonly bytes: string; readonly data: unknown } {
  const { input } = request.parse(entry?.request);
  return { bytes: JSON.stringify(entry?.request), data: JSON.parse(input[0].content) };
}

async function callAbout(text: string): Promise<LedgerEntry | undefined> {
  return (await stack().vendors.ledger({ vendor: 'openai', call: 'classify', target: text })).at(-1);
}

async function looks(): Promise<readonly LedgerEntry[]> {
  return await stack().vendors.ledger({ vendor: 'openai', call: 'describe' });
}

function commonBeginning(one: string, two: string): string {
  const end = [...one].findIndex((character, index) => character !== two[index]);
  return end === -1 ? one : one.slice(0, end);
}

describe('a comment under a carousel, in a thread', () => {
  const first = 'Сколько стоит вишнёвый пирог?';
  const followUp = 'а доставка? 🥧 И можно ли оставить у двери, если нас не будет дома?';
  let top: string;

  beforeAll(async () => {
    const { vendors } = stack();
    top = await vendors.comment(first, { mediaId: carousel, username: 'masha.k' });
    await stack().untilFinal([top], enoughMs);
    const next = await vendors.comment(followUp, { mediaId: carousel, username: 'masha.k', parentId: top });
    await stack().untilFinal([next], enoughMs);
  });

  // CL-2
  it('is shown to the model with all that it stands in: brand, caption, pictures, thread, and the whole comment last', async () => {
    const { bytes, data } = shown(await callAbout(followUp));
    // Printed for whoever wants to see what a model is asked.
    process.stdout.write(
      `\n${JSON.stringify(JSON.parse(bytes), undefined, 2)}\n\n${JSON.stringify(data, undefined, 2)}\n`,
    );
    expect(data).toEqual({
      brand: { username: 'warm.bread' },
      post: {
        type: 'CAROUSEL_ALBUM',
        caption: expect.stringContaining('Сезонные пироги'),
        pictures: expect.stringMatching(
          /^Picture 1 of 3: An apple pie.*850 ₽.*Picture 2 of 3: A cherry pie.*850 ₽.*Picture 3 of 3: A pumpkin pie.*until 15 November/su,
        ),
      },
      thread: [
        { by: 'customer', username: 'masha.k', text: first },
        { by: 'brand', username: expect.anything(), text: expect.stringContaining('850') },
      ],
      comment: { username: 'masha.k', text: followUp },
    });
    expect(Object.keys(z.record(z.string(), z.unknown()).parse(data)).at(-1)).toBe('comment');
  });

  it('begins with what is the same for every comment, byte for byte', async () => {
    const other = 'Nice reel!';
    const id = await stack().vendors.comment(other, { mediaId: reel });
    await stack().untilFinal([id], enoughMs);
    const [one, two] = [shown(await callAbout(followUp)).bytes, shown(await callAbout(other)).bytes];
    const same = commonBeginning(one, two);
    const { instructions } = request.parse(JSON.parse(one));
    expect(same).toContain(JSON.stringify(instructions));
    expect(same).toContain('comment_verdict');
    expect(same).toMatch(/"content":"\{\\"brand\\":\{\\"username\\":\\"warm\.bread\\"\},\\"post\\":\{\\"type\\":\\"$/u);
  });

  // CL-3, audit 39
  it('has its pictures looked at once each, however many comments stand under the post', async () => {
    const ids = await stack().vendors.comments('Хочу все три! {n}', { mediaId: carousel, count: 30 });
    await stack().untilFinal(ids, enoughMs);
    const seen = (await looks()).map(({ target }) => target).filter((target) => target.startsWith('pie-'));
    expect(seen.toSorted()).toEqual(['pie-apple', 'pie-cherry', 'pie-pumpkin']);
  });

  it('of a reel shows its still', async () => {
    expect((await looks()).map(({ target }) => target)).toContain('croissants-reel');
  });
});

// CL-3
describe('while the model that looks at pictures', () => {
  it('is slow, comments go on without it, and later ones have what it saw', async () => {
    const { vendors } = stack();
    const post = '17900000000000106';
    const effect = { kind: 'delay', ms: 12_000 };
    await vendors.fault({ vendor: 'openai', call: 'describe', match: { target: 'shop-front' }, effect });
    const text = 'Are you open tomorrow morning?';
    await stack().untilFinal([await vendors.comment(text, { mediaId: post })], enoughMs);
    expect(shown(await callAbout(text)).data).toMatchObject({ post: { pictures: null } });

    await until('the description', enoughMs, async () => {
      const { body } = await stack().admin('GET', `posts/${post}`);
      return (
        z.object({ understanding: z.object({ state: z.string() }).nullable() }).parse(body).understanding?.state ===
        'ready'
      );
    });
    const later = 'And on the day after?';
    await stack().untilFinal([await vendors.comment(later, { mediaId: post })], enoughMs);
    expect(shown(await callAbout(later)).data).toMatchObject({
      post: { pictures: expect.stringContaining('yellow door') },
    });
    expect((await looks()).filter(({ target }) => target === 'shop-front')).toHaveLength(1);
  });

  it('refuses a picture, comments go on, and the reason is told', async () => {
    const { vendors } = stack();
    const post = '17900000000000104';
    const effect = { kind: 'refusal' };
    await vendors.fault({ vendor: 'openai', call: 'describe', match: { target: 'birthday-cake' }, times: 0, effect });
    const text = 'How many guests is it for?';
    await stack().untilFinal([await vendors.comment(text, { mediaId: post })], enoughMs);
    expect(shown(await callAbout(text)).data).toMatchObject({ post: { pictures: null } });
    const { body } = await stack().admin('GET', `posts/${post}`);
    expect(body).toMatchObject({
      understanding: { state: 'failed', text: null, problem: expect.stringContaining('refused') },
    });
    await vendors.clearFaults();
  });
});

describe('operators', () => {
  const post = '17900000000000102';

  it('read, edit and renew what is seen in a post, and no machine writes over their words', async () => {
    const { vendors } = stack();
    const one = 'Is it made with rye flour?';
    await stack().untilFinal([await vendors.comment(one, { mediaId: post })], enoughMs);
    expect(await stack().admin('GET', `posts/${post}`)).toMatchObject({
      status: 200,
      body: {
        id: post,
        caption: expect.stringContaining('Хлеб на закваске'),
        understanding: { state: 'ready', text: expect.stringContaining('sourdough'), model: expect.any(String) },
      },
    });
    const text = 'Our rye loaf, 700 g, on the new wooden shelf.';
    expect(await stack().admin('PUT', `posts/${post}/understanding`, { text })).toMatchObject({
      status: 200,
      body: { state: 'edited', text, model: null },
    });
    await stack().sql(`UPDATE media SET caption = 'Another caption' WHERE id = $1`, [post]);
    expect((await stack().admin('GET', `posts/${post}`)).body).toMatchObject({
      understanding: { state: 'edited', text },
    });

    expect(await stack().admin('POST', `posts/${post}/understanding/refresh`)).toMatchObject({
      status: 202,
      body: { state: 'pending', text },
    });
    await until('a new description', enoughMs, async () => {
      const { body } = await stack().admin('GET', `posts/${post}`);
      return z.object({ understanding: z.object({ state: z.string() }) }).parse(body).understanding.state === 'ready';
    });
  });

  it('are told what is wrong', async () => {
    expect((await stack().admin('GET', 'posts/1')).status).toBe(404);
    expect((await stack().admin('PUT', 'posts/1/understanding', { text: 'x' })).status).toBe(404);
    expect((await stack().admin('POST', 'posts/1/understanding/refresh')).status).toBe(404);
    for (const body of [{}, { text: '' }, { text: ' \n' }, { text: 'x'.repeat(4_001) }, { text: 'x', more: 1 }]) {
      expect((await stack().admin('PUT', `posts/${post}/understanding`, body)).status).toBe(400);
    }
  });
});
