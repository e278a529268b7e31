import { z } from 'zod';

const decisionsShape = z.object({
  comment: z.object({
    receivedAt: z.string(),
    stage: z.string(),
    outcome: z.string().nullable(),
    actions: z.array(z.string()),
    verdict: z.object({ class: z.string(), confidence: z.number() }).nullable(),
    reply: z.object({ text: z.string().nullable(), state: z.string() }).nullable(),
  }),
  decisions: z.array(z.object({ at: z.string(), step: z.string(), reason: z.string() })),
});
/** What the system says about a comment. */
export type Account = z.infer<typeof decisionsShape>;

const ledgerShape = z.object({
  entries: z.array(
    z.object({
      at: z.string(),
      vendor: z.string(),
      call: z.string(),
      target: z.string(),
      status: z.number().nullable(),
      request: z.unknown(),
    }),
  ),
});
export type VendorEntry = z.infer<typeof ledgerShape>['entries'][number];

const written = z.object({ id: z.string() });
/** On loopback; longer means that the machine is far behind. */
const answerWithinMs = 15_000;

/** The running system, seen through the sandbox. */
export class RunningSystem {
  constructor(
    private readonly sandboxUrl: string,
    private readonly apiUrl: string,
  ) {}

  /** @returns what does not answer, in words; undefined when all is well */
  async missing(): Promise<string | undefined> {
    if (!(await answers(`${this.sandboxUrl}/health/ready`))) return `the sandbox (${this.sandboxUrl})`;
    if (!(await answers(`${this.apiUrl}/health/ready`))) return `the api (${this.apiUrl})`;
    return undefined;
  }

  /** @returns the new comment's id */
  async write(comment: { text: string; username: string; mediaId: string; parentId?: string }): Promise<string> {
    const answer = await fetch(`${this.sandboxUrl}/_sandbox/comments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(comment),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    if (!answer.ok) throw new Error(`the sandbox did not take a comment: ${await answer.text()}`);
    return written.parse(await answer.json()).id;
  }

  /** Undefined while the system does not know the comment, or does not answer. */
  async accountOf(id: string): Promise<Account | undefined> {
    const answer = await fetch(`${this.sandboxUrl}/_sandbox/decisions/${id}`, {
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const body = await answer.text();
    if (answer.ok) return decisionsShape.parse(JSON.parse(body));
    if (answer.status === 401 || answer.status === 403) throw new Error(`the api refuses the sandbox: ${body}`);
    return undefined;
  }

  async ledger(query: Readonly<Record<string, string>>): Promise<readonly VendorEntry[]> {
    const answer = await fetch(`${this.sandboxUrl}/_sandbox/ledger?${new URLSearchParams(query).toString()}`, {
      signal: AbortSignal.timeout(answerWithinMs),
    });
    return ledgerShape.parse(await answer.json()).entries;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) })).ok;
  } catch {
    return false;
  }
}
