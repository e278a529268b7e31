import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bakeryMedia } from '../../apps/sandbox/src/bakery/media.js';
import { initialSettings, weekdays, type PolicySettings } from '#domain/policies/settings.js';
import { rawComment } from '../support/raw-comments.js';
import { MediaId } from '#domain/shared/ids.js';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const soonMs = 90_000;
const question = 'Hi! How much is delivery?';
const stack = stackForThisFile();
const accountList = z.array(z.object({ id: z.string() }));

let account: string;
beforeAll(async () => {
  account = accountList.parse(await stack().sql('SELECT id FROM accounts'))[0]?.id ?? '';
});

async function put(path: string, body: object = {}): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${stack().apiUrls[0]}/api/v1/${path}`, {
    method: 'PUT',
    body: JSON.stringify(body),
    headers,
  });
  if (!answer.ok) throw new Error(`PUT ${path}: ${answer.status} ${await answer.text()}`);
}

/** Comments are written until one is decided by the settings: workers look for them every few seconds. */
async function decidedBy(
  settings: Partial<PolicySettings>,
  text: string,
  mediaId: string | undefined,
  reason: string,
): Promise<string> {
  await put(`accounts/${account}/policy`, { settings: { ...initialSettings, ...settings } });
  return await until(`a comment that is decided by ${reason}`, soonMs, async () => {
    const id = await stack().vendors.comment(text, mediaId === undefined ? {} : { mediaId });
    await until(`what is decided about ${id}`, soonMs, async () => (await stack().reasonsOf(id)).length > 1);
    return (await stack().reasonsOf(id)).includes(reason) && id;
  });
}

// PO-1, PO-2
describe('what people decided beforehand', { timeout: 300_000 }, () => {
  it('changes the plan by the hour, and for one post before that', async () => {
    const always = {
      name: 'always',
      days: [...weekdays],
      from: '00:00',
      to: '24:00',
      changes: { atMost: { reply: 'draft' } },
    } as const;
    const windows = [{ ...always, days: [...weekdays] }];
    const [post, other] = bakeryMedia.map(({ id }) => id);
    const drafted = await decidedBy({ windows }, question, other, 'draft-for-operator');
    await stack().untilFinal([drafted], soonMs);
    expect((await stack().decisions(drafted))?.comment).toMatchObject({ outcome: 'waiting' });

    const posts: PolicySettings['posts'] = [
      { mediaId: MediaId.parse(post), changes: { classes: { question: { reply: 'auto' } } } },
    ];
    const answered = await decidedBy({ windows, posts }, question, post, 'auto-reply');
    await stack().untilFinal([answered], soonMs);
    expect(await stack().vendors.thread(answered)).toHaveLength(1);
  });

  it('answers by a rule while the model is down', async () => {
    const { vendors } = stack();
    const rules = [{ name: 'hours', when: { words: ['open today'] }, do: { reply: ['We are open until 8 pm.'] } }];
    await vendors.fault({ vendor: 'openai', times: 0, effect: { kind: 'status', status: 503, body: {} } });
    const id = await decidedBy({ rules }, 'Are you OPEN today?', undefined, 'rule-replied');
    await stack().untilFinal([id], soonMs);
    expect(await vendors.thread(id)).toEqual(['We are open until 8 pm.']);
    expect((await stack().decisions(id))?.comment).toMatchObject({ outcome: 'answered', verdict: null });
    await vendors.clearFaults();
  });
});

// PO-6
describe('a thread that a person has taken over', { timeout: 300_000 }, () => {
  beforeAll(async () => await put(`accounts/${account}/policy`, { settings: initialSettings }));

  it('gets nothing from the bot: the question waits for a person', async () => {
    const { vendors } = stack();
    const first = await vendors.comment('Lovely bread!');
    await stack().untilFinal([first], soonMs);
    await put(`threads/${first}/takeover`);
    const asked = await vendors.comment(question, { parentId: first });
    await stack().untilFinal([asked], soonMs);
    expect(await stack().reasonsOf(asked)).toContain('left-to-person');
    expect((await stack().decisions(asked))?.comment).toMatchObject({ outcome: 'waiting' });
    expect(await vendors.replyCalls(asked)).toBe(0);
  });

  it('is one in which somebody answered in the platform\u2019s own app', async () => {
    const { vendors } = stack();
    const first = await vendors.comment('What a cake!');
    await stack().untilFinal([first], soonMs);
    const [{ username } = { username: '' }] = await stack().sql<{ username: string }>('SELECT username FROM accounts');
    const byHand = { ...rawComment('17900000000077001', 'Masha from the shop here, thank you!'), parentId: first };
    expect(await stack().deliver([{ ...byHand, authorId: account, username }])).toBe(200);
    const asked = await vendors.comment(question, { parentId: first });
    await stack().untilFinal([asked], soonMs);
    expect(await stack().reasonsOf(asked)).toContain('left-to-person');
    expect(await vendors.replyCalls(asked)).toBe(0);

    const answer = await fetch(`${stack().apiUrls[0]}/api/v1/threads/${first}/takeover`, { method: 'DELETE' });
    expect(answer.status).toBe(204);
    const later = await vendors.comment(question, { parentId: first });
    await stack().untilFinal([later], soonMs);
    expect(await vendors.replyCalls(later)).toBe(1);
  });
});
