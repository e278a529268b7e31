import pg from 'pg';
import { Pool } from 'undici';
import type { LoopOrder, RecordedCall } from '../support/recorded-call.js';
import { servePart } from '../support/part.js';

// The least that brings a comment from stored to answered: the worker's own calls over kept connections, the same rows,
// one statement for each step of a batch. No queue, no rules, no retries, no framework.

const database = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 4, application_name: 'bench' });
const callsAtOnce = 50;
/** While one batch waits for the database another talks to the vendors. */
const batchesAtOnce = 3;

const claim = `
  UPDATE comments SET epoch = epoch + 1, owner = 'loop', lease_until = now() + interval '1 minute',
         due_at = now() + interval '1 minute'
   WHERE id IN (SELECT id FROM comments WHERE stage = 'received' AND owner IS NULL AND due_at IS NOT NULL
                 LIMIT $1 FOR UPDATE SKIP LOCKED)
  RETURNING id, account_id`;
const understand = `
  WITH understood AS (
    UPDATE comments SET stage = 'acting', class = verdict->>'class', confidence = (verdict->>'confidence')::smallint,
           verdict_reason = verdict->>'reason', language = verdict->>'language', model = 'bench', prompt_version = 'bench',
           classified_at = now(), owner = NULL, lease_until = NULL, due_at = NULL
      FROM unnest($1::text[], $2::jsonb[]) AS given(comment_id, verdict) WHERE id = comment_id
    RETURNING id, account_id, verdict
  ), told AS (
    INSERT INTO decisions (comment_id, step, reason, detail)
    SELECT id, 'classify', reason, verdict FROM understood, (VALUES ('classified'), ('reply-wanted')) AS of(reason))
  INSERT INTO replies (comment_id, account_id, intent, state, due_at, epoch)
  SELECT id, account_id, 'auto', 'wanted', now(), 1 FROM understood`;
const draft = `
  WITH drafted AS (
    UPDATE replies SET state = 'drafted', text = written, model = 'bench', prompt_version = 'bench'
      FROM unnest($1::text[], $2::text[]) AS given(id, written) WHERE comment_id = given.id
    RETURNING comment_id)
  INSERT INTO decisions (comment_id, step, reason) SELECT comment_id, 'draft', 'drafted' FROM drafted`;
const begin = `
  WITH begun AS (
    UPDATE replies SET state = 'sending', attempt = attempt + 1, attempt_started_at = now(), epoch = epoch + 1,
           lease_until = now() + interval '30 seconds', due_at = now() + interval '30 seconds'
     WHERE comment_id = ANY ($1::text[]) RETURNING comment_id)
  INSERT INTO decisions (comment_id, step, reason) SELECT comment_id, 'send', 'reply-sending' FROM begun`;
const finish = `
  WITH sent AS (
    UPDATE replies SET state = 'sent', platform_reply_id = published, sent_at = now(), lease_until = NULL, due_at = NULL
      FROM unnest($1::text[], $2::text[]) AS given(id, published) WHERE comment_id = given.id RETURNING comment_id
  ), told AS (
    INSERT INTO decisions (comment_id, step, reason) SELECT comment_id, 'send', 'reply-sent' FROM sent)
  UPDATE comments SET stage = 'done', outcome = 'answered', finished_at = now() FROM sent WHERE id = comment_id`;

interface ModelAnswer {
  readonly output: readonly { readonly content: readonly { readonly text: string }[] }[];
}

class Loop {
  private readonly vendors: Pool;

  constructor(private readonly order: LoopOrder) {
    this.vendors = new Pool(`http://127.0.0.1:${order.vendorsPort}`, { connections: callsAtOnce, pipelining: 1 });
  }

  /** @returns how many comments it brought to their end */
  async run(): Promise<number> {
    const done = await Promise.all(Array.from({ length: batchesAtOnce }, async () => await this.lane()));
    await this.vendors.close();
    return done.reduce((sum, count) => sum + count, 0);
  }

  private async lane(): Promise<number> {
    for (let done = 0; ;) {
      const { rows } = await database.query<{ id: string }>(claim, [this.order.batch]);
      if (rows.length === 0) return done;
      await this.answer(rows.map(({ id }) => id));
      done += rows.length;
    }
  }

  private async answer(ids: readonly string[]): Promise<void> {
    const verdicts = await this.each(ids, async () => textOf(await this.call('classification')));
    await database.query(understand, [ids, verdicts]);
    const answers = await this.each(ids, async () => {
      JSON.parse(await this.call('embedding'));
      const written = JSON.parse(textOf(await this.call('answer'))) as { answer: string }; // our own vendors' words
      return written.answer;
    });
    await database.query(draft, [ids, answers]);
    await database.query(begin, [ids]);
    const published = await this.each(ids, async (id) => {
      const reply = JSON.parse(await this.call('reply', id)) as { id: string }; // our own vendors' words
      return reply.id;
    });
    await database.query(finish, [ids, published]);
  }

  private async each(ids: readonly string[], work: (id: string) => Promise<string>): Promise<readonly string[]> {
    return await Promise.all(ids.map(work));
  }

  private async call(kind: RecordedCall['kind'], commentId = ''): Promise<string> {
    const call = this.order.calls.find((one) => one.kind === kind);
    if (!call) throw new Error(`the worker never made the call ${kind}`);
    const path = call.path.replace(/\d+\/replies/u, `${commentId}/replies`);
    const { body } = await this.vendors.request({ method: 'POST', path, headers: call.headers, body: call.body });
    return await body.text();
  }
}

function textOf(answer: string): string {
  const { output } = JSON.parse(answer) as ModelAnswer; // our own vendors' words
  return output[0]?.content[0]?.text ?? '';
}

servePart(0, async (order) => await new Loop(order as LoopOrder).run()); // nothing else is sent
