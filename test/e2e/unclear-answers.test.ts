import { beforeAll, describe, expect, it } from 'vitest';
import { type Stack, stackForThisFile } from '../support/stack.js';
import type { Fault } from '../support/vendors.js';

/** Its answer says 250 ₽, and nobody hears of this answer again. */
const echoIsLost = 'Hi! How much is delivery?';
const echoComes = 'Are you open on Sunday?';

/** Three looks over more than two minutes, then a resend. */
const lookedForMs = 240_000;

const graphError = (error: object): object => ({ error: { type: 'OAuthException', message: 'no', ...error } });
const usage = {
  type: 'instagram',
  call_count: 100,
  total_cputime: 1,
  total_time: 1,
  estimated_time_to_regain_access: 1,
};

/** How publishing a reply may go wrong. */
const effects = {
  'error 500 after it was published': { kind: 'do-then-status', status: 500 },
  'a cut connection after it was published': { kind: 'do-then-reset' },
  'silence after it was published': { kind: 'do-then-hang' },
  'a success without an id': { kind: 'ok-without-id' },
  'a refusal although it was published': {
    kind: 'do-then-status',
    status: 400,
    body: graphError({ code: 20, error_subcode: 1_772_107 }),
  },
  "a gateway's page, and nothing was published": { kind: 'html-502' },
  'the limit is reached': {
    kind: 'status',
    status: 400,
    body: graphError({ code: 4 }),
    headers: { 'x-business-use-case-usage': JSON.stringify({ '17841400000000021': [usage] }) },
  },
  'the token is no longer valid': { kind: 'status', status: 400, body: graphError({ code: 190 }) },
} as const satisfies Record<string, Fault['effect']>;
type Trouble = keyof typeof effects;

const publishedAllTheSame = [
  'error 500 after it was published',
  'a cut connection after it was published',
  'silence after it was published',
  'a success without an id',
  'a refusal although it was published',
] as const;
const seenByEcho = ['error 500 after it was published', 'silence after it was published'] as const;

const stack = stackForThisFile({ workers: 0 });
const asked = new Map<string, string>();

/** A comment whose reply will meet this trouble at its first try. */
async function ask(at: Stack, text: string, trouble: Trouble): Promise<void> {
  const id = await at.vendors.comment(text);
  const effect = effects[trouble];
  await at.vendors.fault({ vendor: 'instagram', call: 'reply', match: { target: id }, effect });
  asked.set(`${text} ${trouble}`, id);
}

const idOf = (text: string, trouble: Trouble): string => asked.get(`${text} ${trouble}`) ?? '';

describe('a reply whose answer is unclear', { timeout: 300_000 }, () => {
  // All at once, because what is unclear takes its two minutes.
  beforeAll(async () => {
    const { vendors } = stack();
    await vendors.fault({ vendor: 'webhook', match: { text: '250 ₽' }, times: 0, effect: { kind: 'reset' } });
    for (const trouble of Object.keys(effects)) {
      if (isTrouble(trouble)) await ask(stack(), echoIsLost, trouble);
    }
    for (const trouble of seenByEcho) await ask(stack(), echoComes, trouble);
    await stack().startWorker();
  });

  it.each(publishedAllTheSame)('%s: it is found in the thread and not sent again', async (trouble) => {
    const id = idOf(echoIsLost, trouble);
    await stack().untilFinal([id], lookedForMs);
    expect(await stack().vendors.thread(id)).toHaveLength(1);
    expect(await stack().vendors.replyCalls(id)).toBe(1);
    expect(await stack().reasonsOf(id)).toContain('reply-found-by-listing');
  });

  it.each(seenByEcho)('%s: its echo ends the doubt at once', async (trouble) => {
    const id = idOf(echoComes, trouble);
    await stack().untilFinal([id], lookedForMs);
    expect(await stack().vendors.thread(id)).toHaveLength(1);
    expect(await stack().vendors.replyCalls(id)).toBe(1);
    expect(await stack().reasonsOf(id)).toContain('reply-confirmed-by-echo');
  });

  it('the limit is reached: it is sent when the limit allows, and no try is spent', async () => {
    const id = idOf(echoIsLost, 'the limit is reached');
    await stack().untilFinal([id], lookedForMs);
    expect(await stack().vendors.thread(id)).toHaveLength(1);
    expect(await stack().vendors.replyCalls(id)).toBe(2);
    expect(await stack().reasonsOf(id)).toContain('waits-for-limit');
  });

  it("a gateway's page, and nothing was published: it is sent again after three looks", async () => {
    const id = idOf(echoIsLost, "a gateway's page, and nothing was published");
    await stack().untilFinal([id], lookedForMs);
    expect(await stack().vendors.thread(id)).toHaveLength(1);
    expect(await stack().vendors.replyCalls(id)).toBe(2);
    expect((await stack().reasonsOf(id)).filter((reason) => reason.startsWith('reply-'))).toEqual([
      'reply-sending',
      'reply-unclear',
      'reply-not-found-yet',
      'reply-not-found-yet',
      'reply-send-again',
      'reply-sending',
      'reply-sent',
    ]);
  });

  it('the token is no longer valid: the reply is kept, and goes out when the platform accepts us again', async () => {
    const id = idOf(echoIsLost, 'the token is no longer valid');
    await stack().untilFinal([id], lookedForMs);
    expect(await stack().vendors.thread(id)).toHaveLength(1);
    expect(await stack().vendors.replyCalls(id)).toBe(2);
    expect(await stack().reasonsOf(id)).toContain('waits-for-resume');
  });
});

function isTrouble(name: string): name is Trouble {
  return name in effects;
}
