import {
  understandingStates,
  type Described,
  type DescribingTurn,
  type Understanding,
  type Understandings,
} from '#domain/media/understandings.js';
import { MediaId } from '#domain/shared/ids.js';
import { storableText } from '#domain/shared/text.js';
import type { Database } from './database.js';
import { listed, optional } from './reading.js';

interface Row {
  readonly media_id: string;
  readonly state: string;
  readonly content: string;
  readonly text: string | null;
  readonly problem: string | null;
  readonly model: string | null;
  readonly prompt_version: string | null;
  readonly made_at: Date | null;
  readonly under_way: boolean;
}

const columns = `media_id, state, content, text, problem, model, prompt_version, made_at,
  coalesce(lease_until > now(), false) AS under_way`;

export class PostgresUnderstandings implements Understandings {
  constructor(private readonly database: Database) {}

  async find(id: MediaId): Promise<Understanding | undefined> {
    const [row] = await this.database.query<Row>(`SELECT ${columns} FROM understandings WHERE media_id = $1`, [id]);
    return row && toUnderstanding(row);
  }

  async take(id: MediaId, content: string, forMs: number): Promise<DescribingTurn | undefined> {
    // Of another content it is done from the beginning, the words of the old pictures are gone with them.
    const [row] = await this.database.query<{ epoch: number; tries: number }>(
      `INSERT INTO understandings (media_id, state, content, tries, epoch, due_at, lease_until)
       VALUES ($1, 'pending', $2, 1, 1, now() + $3 * interval '1 millisecond', now() + $3 * interval '1 millisecond')
       ON CONFLICT (media_id) DO UPDATE SET state = 'pending', content = excluded.content,
         text = CASE WHEN understandings.content = excluded.content THEN understandings.text END,
         tries = CASE WHEN understandings.content = excluded.content THEN understandings.tries + 1 ELSE 1 END,
         epoch = understandings.epoch + 1, due_at = excluded.due_at, lease_until = excluded.lease_until
       WHERE (understandings.lease_until IS NULL OR understandings.lease_until <= now())
         AND CASE understandings.state
               WHEN 'edited' THEN false
               WHEN 'pending' THEN understandings.due_at <= now() OR understandings.content <> excluded.content
               ELSE understandings.content <> excluded.content END
       RETURNING epoch, tries`,
      [id, content, forMs],
    );
    return row && { mediaId: id, epoch: row.epoch, tries: row.tries };
  }

  async keep(turn: DescribingTurn, { text, problem, model, promptVersion }: Described): Promise<void> {
    await this.database.query(
      `WITH kept AS (
         UPDATE understandings SET state = 'ready', text = $3, problem = $4, model = $5, prompt_version = $6,
                made_at = now(), due_at = NULL, lease_until = NULL
          WHERE media_id = $1 AND epoch = $2 AND state = 'pending' RETURNING media_id)
       SELECT media_id FROM kept`,
      [
        turn.mediaId,
        turn.epoch,
        storableText(text),
        problem === undefined ? null : storableText(problem),
        model,
        promptVersion,
      ],
    );
  }

  async putOff(turn: DescribingTurn, problem: string, againInMs?: number): Promise<void> {
    // What a person asked to have made anew stays when it cannot be: old words are better than none.
    await this.database.query(
      `WITH put_off AS (
         UPDATE understandings SET problem = $3, lease_until = NULL, due_at = now() + $4 * interval '1 millisecond',
                state = CASE WHEN $4::bigint IS NOT NULL THEN 'pending' WHEN text IS NULL THEN 'failed' ELSE 'ready' END
          WHERE media_id = $1 AND epoch = $2 AND state = 'pending' RETURNING media_id)
       SELECT media_id FROM put_off`,
      [turn.mediaId, turn.epoch, storableText(problem), againInMs ?? null],
    );
  }

  async edit(id: MediaId, content: string, text: string): Promise<Understanding> {
    return await this.#set(
      `INSERT INTO understandings (media_id, state, content, text, made_at) VALUES ($1, 'edited', $2, $3, now())
       ON CONFLICT (media_id) DO UPDATE SET state = 'edited', content = excluded.content, text = excluded.text,
         problem = NULL, model = NULL, prompt_version = NULL, made_at = now(), due_at = NULL, lease_until = NULL,
         epoch = understandings.epoch + 1
       RETURNING ${columns}`,
      [id, content, storableText(text)],
    );
  }

  async askAnew(id: MediaId, content: string): Promise<Understanding> {
    return await this.#set(
      `INSERT INTO understandings (media_id, state, content, due_at) VALUES ($1, 'pending', $2, now())
       ON CONFLICT (media_id) DO UPDATE SET state = 'pending', content = excluded.content, problem = NULL, tries = 0,
         due_at = now(), lease_until = NULL, epoch = understandings.epoch + 1
       RETURNING ${columns}`,
      [id, content],
    );
  }

  async due(limit: number): Promise<readonly MediaId[]> {
    const rows = await this.database.query<{ media_id: string }>(
      'SELECT media_id FROM understandings WHERE due_at <= now() ORDER BY due_at LIMIT $1',
      [limit],
    );
    return rows.map(({ media_id }) => MediaId.parse(media_id));
  }

  async #set(statement: string, parameters: readonly unknown[]): Promise<Understanding> {
    const [row] = await this.database.query<Row>(statement, parameters);
    if (!row) throw new Error('an insert that always writes returned no row');
    return toUnderstanding(row);
  }
}

function toUnderstanding(row: Row): Understanding {
  return {
    mediaId: MediaId.parse(row.media_id),
    state: listed(understandingStates, row.state),
    content: row.content,
    text: optional(row.text),
    problem: optional(row.problem),
    model: optional(row.model),
    promptVersion: optional(row.prompt_version),
    madeAt: optional(row.made_at),
    underWay: row.under_way,
  };
}
