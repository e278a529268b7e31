import { z } from 'zod';
import { initialSettings } from '#domain/policies/settings.js';
import type { Stack } from './stack.js';
import { until } from './until.js';

const reply = z.object({
  id: z.string(),
  revision: z.number(),
  state: z.string(),
  text: z.string().nullable(),
  comment: z.object({ id: z.string() }),
  findings: z.array(z.object({ reason: z.string() })),
});
const list = z.object({ replies: z.array(reply), next: z.string().nullable() });
const decided = z.object({ id: z.string(), state: z.string(), revision: z.number(), text: z.string().nullable() });
type OnDesk = z.infer<typeof reply>;

const soonMs = 60_000;

/** The admin API of replies, as operators use it. */
export class Desk {
  constructor(private readonly stack: () => Stack) {}

  /** From the next comment on every answer is a draft; before the first one nobody remembers anything else. */
  async wantsDrafts(): Promise<void> {
    const [account] = await this.stack().sql<{ id: string }>('SELECT id FROM accounts');
    const settings = { ...initialSettings, preset: 'careful' };
    const { status } = await this.stack().admin('PUT', `accounts/${account?.id}/policy`, { settings });
    if (status !== 200) throw new Error(`the policy was answered with ${status}`);
  }

  async ask(path: string, body: object): Promise<{ status: number; body: unknown }> {
    return await this.stack().admin('POST', path, body);
  }

  /** @returns the reply that stands for it */
  async accepted(path: string, body: object): Promise<z.infer<typeof decided>> {
    const answer = await this.ask(path, body);
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return decided.parse(answer.body);
  }

  async waiting(query = ''): Promise<z.infer<typeof list>> {
    return list.parse((await this.stack().admin('GET', `replies?state=waiting&limit=100${query}`)).body);
  }

  /** The draft that waits for a person; of this comment. */
  async draftOf(commentId: string): Promise<OnDesk> {
    return await until(`a draft for ${commentId}`, soonMs, async () =>
      (await this.waiting()).replies.find(({ comment }) => comment.id === commentId),
    );
  }

  /** A question whose draft waits. */
  async question(text: string): Promise<OnDesk> {
    return await this.draftOf(await this.stack().vendors.comment(text));
  }

  /** A question whose answer an operator wrote, and customers see. */
  async answered(text: string, words: string): Promise<{ commentId: string; id: string; revision: number }> {
    const { comment, id, revision } = await this.question(text);
    const sent = await this.accepted(`replies/${id}/edit`, { expectedRevision: revision, text: words });
    await this.stack().untilFinal([comment.id], soonMs);
    const shown = await this.stack().vendors.thread(comment.id);
    if (shown.join() !== words) throw new Error(`customers see "${shown.join()}"`);
    return { commentId: comment.id, id, revision: sent.revision };
  }

  /** Until this is what customers see under the comment, and nothing is due about it any more. */
  async untilShown(commentId: string, words: readonly string[], withinMs: number): Promise<void> {
    await until(`"${words.join(' | ')}" under ${commentId}`, withinMs, async () => {
      await this.stack().hastenReplies(commentId);
      const shown = await this.stack().vendors.thread(commentId);
      const [due] = await this.stack().sql<{ rows: number }>(
        `SELECT count(*)::int AS rows FROM replies WHERE comment_id = $1 AND (due_at IS NOT NULL OR audit_due_at IS NOT NULL)`,
        [commentId],
      );
      return due?.rows === 0 && JSON.stringify(shown) === JSON.stringify(words);
    });
    await this.stack().untilFinal([commentId], soonMs);
  }

  async states(commentId: string): Promise<readonly string[]> {
    const rows = await this.stack().sql<{ state: string }>(
      'SELECT state FROM replies WHERE comment_id = $1 ORDER BY generation',
      [commentId],
    );
    return rows.map(({ state }) => state);
  }
}
