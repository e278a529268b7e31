import { z } from 'zod';
import type { GraphComment } from '../../apps/sandbox/src/world.js';
import { writtenComment } from '../../apps/sandbox/src/world-events.js';

const entry = z.object({
  seq: z.number(),
  at: z.iso.datetime().transform((at) => Date.parse(at)),
  call: z.string(),
  target: z.string(),
  request: z.unknown(),
  status: z.number().nullable(),
  response: z.unknown(),
  fault: z.string().optional(),
});
/** One call that a vendor got. */
export type LedgerEntry = z.infer<typeof entry>;

const listed = z.object({
  data: z.array(z.object({ id: z.string(), text: z.string() })),
  paging: z.object({ cursors: z.object({ after: z.string() }), next: z.string().optional() }).optional(),
});

const graphComment = writtenComment.extend({ hidden: z.boolean() });

const outcomes = z.object({
  outcomes: z.array(z.object({ id: z.string(), hidden: z.boolean(), replies: z.number() })),
  messages: z.array(z.string()),
});
export type Outcomes = z.infer<typeof outcomes>;

export interface CommentOptions {
  readonly username?: string;
  readonly parentId?: string;
  readonly mediaId?: string;
  readonly count?: number;
  /** How long ago it was written. */
  readonly minutesAgo?: number;
  /** False: no webhook tells about it. */
  readonly deliver?: boolean;
}

export interface TokenState {
  /** The one that everything was started with, when it is not given. */
  readonly token?: string;
  readonly accepted?: boolean;
  readonly ageHours?: number;
  readonly expiresInDays?: number;
}

export interface Redelivery {
  readonly ids: readonly string[];
  readonly times?: number;
  readonly shuffle?: boolean;
  readonly batch?: number;
}

export interface Fault {
  readonly vendor: 'instagram' | 'openai' | 'telegram' | 'webhook';
  readonly call?: string;
  readonly match?: { readonly target?: string; readonly text?: string };
  readonly times?: number;
  /** Share of the fitting calls that it strikes, by seeded chance. */
  readonly chance?: number;
  readonly seed?: number;
  readonly effect: Readonly<Record<string, unknown>> & { readonly kind: string };
}

/** The sandbox, spoken to as customers, as Meta's people and as somebody who reads Instagram. Its ledger is the oracle. */
export class Vendors {
  /** @param instagramToken whoever reads at Instagram needs one */
  constructor(
    readonly url: string,
    private readonly instagramToken: string,
  ) {}

  /** A customer writes one comment; it is delivered. @returns its id */
  async comment(text: string, options: CommentOptions = {}): Promise<string> {
    const [id] = await this.comments(text, options);
    if (id === undefined) throw new Error('the sandbox named no comment');
    return id;
  }

  /** The same text `count` times, each delivered in a call of its own. @returns their ids */
  async comments(text: string, options: CommentOptions = {}): Promise<readonly string[]> {
    const answer = await this.control('POST', 'comments', { text, ...options });
    return z.object({ ids: z.array(z.string()) }).parse(answer).ids;
  }

  /** Customers write comments that nobody delivers yet: `{n}` in the text becomes each one's number. */
  async write(text: string, count: number, options: CommentOptions = {}): Promise<readonly GraphComment[]> {
    const answer = await this.control('POST', 'comments', { text, count, deliver: false, ...options });
    const { comments } = z.object({ comments: z.array(graphComment) }).parse(answer);
    return comments.map((comment) => ({ ...comment, parentId: comment.parentId }));
  }

  /** What became of every customer's top-level comment, and what operators were told: as anybody could see it. */
  async outcomes(): Promise<Outcomes> {
    return outcomes.parse(await this.control('GET', 'outcomes'));
  }

  /** From now on the token is let in, or is not; it is so old, and ends then. */
  async token(state: TokenState): Promise<void> {
    await this.control('POST', 'tokens', state);
  }

  /** Instagram forgets that the account wants to hear of comments. */
  async unsubscribe(): Promise<void> {
    await this.graph('me/subscribed_apps', 'DELETE');
  }

  /** Meta sends known comments again. @returns how many calls got which status, after one immediate second try */
  async deliverAgain(redelivery: Redelivery): Promise<Readonly<Record<string, number>>> {
    const answer = await this.control('POST', 'deliveries', redelivery);
    return z.object({ statuses: z.record(z.string(), z.number()) }).parse(answer).statuses;
  }

  /** Deliveries that Meta still repeats. */
  async openDeliveries(): Promise<number> {
    return z.object({ open: z.array(z.unknown()) }).parse(await this.control('GET', 'deliveries')).open.length;
  }

  async fault(fault: Fault): Promise<void> {
    await this.control('POST', 'faults', fault);
  }

  /** What Instagram says from now on about the use of its limits. */
  async usage(usage: { readonly percent: number; readonly regainMinutes?: number }): Promise<void> {
    await this.control('PUT', 'usage', usage);
  }

  async clearFaults(): Promise<void> {
    await this.control('DELETE', 'faults');
  }

  async ledger(
    query: { readonly vendor?: string; readonly call?: string; readonly target?: string } = {},
  ): Promise<readonly LedgerEntry[]> {
    const answer = await this.control('GET', `ledger?${new URLSearchParams(query).toString()}`);
    return z.object({ entries: z.array(entry) }).parse(answer).entries;
  }

  /** Calls that asked Instagram to publish a reply to this comment, whatever became of them. */
  async replyCalls(id: string): Promise<number> {
    return (await this.ledger({ vendor: 'instagram', call: 'reply', target: id })).length;
  }

  /** Calls that asked Instagram to send a message about this comment, whatever became of them. */
  async privateReplyCalls(id: string): Promise<number> {
    return (await this.ledger({ vendor: 'instagram', call: 'private-reply', target: id })).length;
  }

  /** Calls that asked Instagram to hide this comment. */
  async hideCalls(id: string): Promise<number> {
    return (await this.ledger({ vendor: 'instagram', call: 'hide', target: id })).length;
  }

  /** Messages to operators in which this text stands. */
  async alertsWith(text: string): Promise<number> {
    const sent = await this.ledger({ vendor: 'telegram', call: 'send-message' });
    return sent.filter(({ request }) => JSON.stringify(request).includes(text)).length;
  }

  /** Texts that stand under a top-level comment at Instagram, ours and others', oldest first. */
  async thread(id: string): Promise<readonly string[]> {
    return (await this.threadEntries(id)).map(({ text }) => text);
  }

  /** Their ids. */
  async threadIds(id: string): Promise<readonly string[]> {
    return (await this.threadEntries(id)).map((entry) => entry.id);
  }

  private async threadEntries(id: string): Promise<readonly { readonly id: string; readonly text: string }[]> {
    const entries: { readonly id: string; readonly text: string }[] = [];
    for (let after = ''; ;) {
      const page = listed.parse(await this.graph(`${id}/replies?limit=50${after}`));
      entries.push(...page.data);
      if (page.paging?.next === undefined) return entries;
      after = `&after=${encodeURIComponent(page.paging.cursors.after)}`;
    }
  }

  /** A person hides the comment in Instagram's own app. */
  async hideInApp(id: string): Promise<void> {
    await this.graph(`${id}?hide=true`, 'POST');
  }

  /** A person deletes the comment, or a reply of ours, in Instagram's own app. */
  async deleteInApp(id: string): Promise<void> {
    await this.graph(id, 'DELETE');
  }

  async isHidden(id: string): Promise<boolean> {
    return z.object({ hidden: z.boolean() }).parse(await this.graph(`${id}?fields=hidden`)).hidden;
  }

  private async graph(path: string, method: 'GET' | 'POST' | 'DELETE' = 'GET'): Promise<unknown> {
    const headers = { authorization: `Bearer ${this.instagramToken}` };
    const answer = await fetch(`${this.url}/instagram/v26.0/${path}`, { method, headers });
    if (!answer.ok) throw new Error(`Instagram: ${path}: ${answer.status} ${await answer.text()}`);
    return await answer.json();
  }

  private async control(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.url}/_sandbox/${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!answer.ok) throw new Error(`sandbox: ${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : await answer.json();
  }
}
