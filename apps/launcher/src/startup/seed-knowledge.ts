import { setTimeout as wait } from 'node:timers/promises';

import { z } from 'zod';

const SandboxDocuments = z.array(z.object({ title: z.string(), text: z.string() }));
const KnownDocuments = z.object({ documents: z.array(z.object({ title: z.string() })) });

const patienceMs = 60_000;
const pauseMs = 500;
const answerMs = 10_000;

export interface Seeding {
  readonly sandboxUrl: string;
  readonly apiUrl: string;
  readonly adminToken: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Gives the brand that the sandbox plays its knowledge. A document which is already there is left alone: the user may
 * have changed it. Returns how many there are.
 */
export async function seedKnowledge({ sandboxUrl, apiUrl, adminToken, signal }: Seeding): Promise<number> {
  const headers = { 'content-type': 'application/json', ...(adminToken && { authorization: `Bearer ${adminToken}` }) };
  const address = `${apiUrl}/api/v1/knowledge/documents`;
  const call = (url: string, init: RequestInit = {}): Promise<Response> =>
    fetch(url, { ...init, headers, signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]) });

  const wanted = SandboxDocuments.parse(await (await call(`${sandboxUrl}/_sandbox/documents`)).json());
  const known = KnownDocuments.safeParse(await (await call(address)).json());
  const titles = new Set(known.success ? known.data.documents.map(({ title }) => title) : []);
  for (const document of wanted.filter(({ title }) => !titles.has(title))) {
    await until(() => call(address, { method: 'POST', body: JSON.stringify(document) }), signal);
  }
  return wanted.length;
}

/** The account appears some seconds after the worker's start; until then the api answers 409. */
async function until(post: () => Promise<Response>, signal: AbortSignal): Promise<void> {
  for (const end = Date.now() + patienceMs; ; await wait(pauseMs, undefined, { signal })) {
    const response = await post();
    const answer = await response.text();
    if (response.ok) return;
    const later = response.status === 409 || response.status === 429 || response.status >= 500;
    if (!later || Date.now() > end) throw new Error(`the api says ${response.status} ${answer.slice(0, 300)}`);
  }
}
