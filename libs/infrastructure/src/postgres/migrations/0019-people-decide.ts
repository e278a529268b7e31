import type { MigrationInterface, QueryRunner } from 'typeorm';

// Whatever machines or people may still do something about; one that could not be removed stands beside its successor.
const open = `state = ANY (ARRAY['wanted', 'drafted', 'waiting', 'sending', 'unknown'])
  OR (state = 'parked' AND parked_from <> 'removing')`;

// Replace the workers before the api: a worker of the release before knows no replies that are to be removed. Its own
// `ON CONFLICT (comment_id, channel)` fails without the old index; that is tried again.
const forward = [
  `ALTER TABLE replies ADD generation smallint NOT NULL DEFAULT 1, ADD replaces uuid, ADD revision integer NOT NULL DEFAULT 1,
     ADD hint text, ADD regenerations smallint NOT NULL DEFAULT 0, ADD removed_at timestamptz`,
  `CREATE UNIQUE INDEX replies_one_per_generation ON replies (comment_id, channel, generation)`,
  `DROP INDEX replies_one_per_channel`,
  // Machines make the first and no other one.
  `ALTER TABLE replies ADD CONSTRAINT replies_further_by_people CHECK (generation = 1 OR intent = 'person')`,
  `CREATE UNIQUE INDEX replies_one_open ON replies (comment_id, channel) WHERE ${open}`,
  `CREATE UNIQUE INDEX replies_one_standing ON replies (comment_id, channel) WHERE state = 'sent'`,
  // Whoever notes that a replacement is out, by an answer, a listing or an echo: in the same commit the former is to be
  // removed. Before, so that at no moment two count as standing.
  `CREATE FUNCTION remove_replaced() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     UPDATE replies SET state = 'removing', due_at = now(), owner = NULL, lease_until = NULL, attempts = 0, last_error = NULL,
            epoch = epoch + 1
      WHERE id = NEW.replaces AND state = 'sent';
     RETURN NEW;
   END $$`,
  `CREATE TRIGGER replies_remove_replaced BEFORE UPDATE OF state ON replies FOR EACH ROW
     WHEN (NEW.state = 'sent' AND OLD.state <> 'sent' AND NEW.replaces IS NOT NULL) EXECUTE FUNCTION remove_replaced()`,
  `CREATE TABLE reply_actions (
     id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT reply_actions_pkey PRIMARY KEY,
     comment_id text NOT NULL,
     account_id text NOT NULL,
     reply_id uuid NOT NULL,
     result_id uuid NOT NULL,
     action text NOT NULL,
     request_id text,
     revision integer,
     before text,
     after text,
     note text,
     overruled jsonb NOT NULL DEFAULT '[]',
     actor text NOT NULL DEFAULT 'operator',
     at timestamptz NOT NULL DEFAULT now())`,
  `CREATE INDEX reply_actions_of_comment ON reply_actions (comment_id, id)`,
  `CREATE UNIQUE INDEX reply_actions_requests ON reply_actions (comment_id, request_id) WHERE request_id IS NOT NULL`,
];

// The release before knows one reply per comment and channel, and not these states: what stands at the platform is kept.
const back = [
  `DROP TABLE reply_actions`,
  `DROP TRIGGER replies_remove_replaced ON replies`,
  `DROP FUNCTION remove_replaced`,
  `DROP INDEX replies_one_standing`,
  `DROP INDEX replies_one_open`,
  `UPDATE replies SET state = CASE WHEN state = 'removed' THEN 'dropped' ELSE 'sent' END, due_at = NULL, owner = NULL,
          lease_until = NULL, parked_from = NULL, parked_at = NULL, parked_reason = NULL
    WHERE state IN ('removing', 'removed') OR parked_from = 'removing'`,
  `DELETE FROM replies WHERE EXISTS (
     SELECT 1 FROM replies AS other WHERE other.comment_id = replies.comment_id AND other.channel = replies.channel
        AND other.id <> replies.id
        AND (other.state = 'sent', other.generation) > (replies.state = 'sent', replies.generation))`,
  `ALTER TABLE replies DROP CONSTRAINT replies_further_by_people`,
  `UPDATE replies SET intent = 'draft' WHERE intent = 'person'`,
  `CREATE UNIQUE INDEX replies_one_per_channel ON replies (comment_id, channel)`,
  `DROP INDEX replies_one_per_generation`,
  `ALTER TABLE replies DROP generation, DROP replaces, DROP revision, DROP hint, DROP regenerations, DROP removed_at`,
  `SELECT settle_comment(id) FROM comments WHERE stage = 'acting'`,
];

export class PeopleDecide1763730000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of forward) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of back) await runner.query(statement);
  }
}
