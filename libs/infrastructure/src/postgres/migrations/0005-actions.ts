import type { MigrationInterface, QueryRunner } from 'typeorm';

const parkable = [
  { table: 'comments', stage: 'stage', commentId: 'id' },
  { table: 'replies', stage: 'state', commentId: 'comment_id' },
  { table: 'moderations', stage: 'state', commentId: 'comment_id' },
  { table: 'alerts', stage: 'state', commentId: 'comment_id' },
];

// Replace the workers before the api: a worker of the release before knows no channels, and would publish what an operator
// wrote for one customer's eyes. Its own `ON CONFLICT (comment_id)` fails without the old index; that is tried again.
const forward = [
  `ALTER TABLE replies ADD channel text NOT NULL DEFAULT 'public'`,
  `CREATE UNIQUE INDEX replies_one_per_channel ON replies (comment_id, channel)`,
  `DROP INDEX replies_one_per_comment`,

  `ALTER TABLE replies ADD audit_due_at timestamptz, ADD audit_looks smallint NOT NULL DEFAULT 0, ADD extra_reply_id text,
     ADD looked_at timestamptz`,
  `CREATE INDEX replies_audits ON replies (audit_due_at) WHERE audit_due_at IS NOT NULL`,

  // Several over time: hidden, visible again, hidden. What makes two requests one is their id.
  `ALTER TABLE moderations ADD actor text NOT NULL DEFAULT 'system', ADD request_id text`,
  `DROP INDEX moderations_one_per_comment`,
  `CREATE INDEX moderations_of_comment ON moderations (comment_id)`,
  `CREATE UNIQUE INDEX moderations_requests ON moderations (comment_id, request_id) WHERE request_id IS NOT NULL`,
  `ALTER TABLE moderations ADD CONSTRAINT moderations_deleted_by_people CHECK (action = 'hide' OR actor <> 'system')`,

  ...parkable.flatMap(({ table, stage, commentId }) => [
    `ALTER TABLE ${table} ADD parked_from text, ADD parked_at timestamptz, ADD parked_reason text`,
    `CREATE INDEX ${table}_parked ON ${table} (parked_at) WHERE parked_at IS NOT NULL`,
    // What was parked before this was known gets a good guess; a reply that was tried is looked for first anyway.
    `UPDATE ${table} SET parked_at = date_trunc('milliseconds', now()),
            parked_from = ${formerState(table)},
            parked_reason = coalesce((SELECT reason FROM decisions WHERE comment_id = ${table}.${commentId}
              AND reason LIKE 'parked-%' ORDER BY id DESC LIMIT 1), 'parked-tries-used-up')
      WHERE ${stage} = 'parked'${table === 'comments' ? ' AND class IS NULL' : ''}`,
  ]),
];

function formerState(table: string): string {
  if (table === 'comments') return `'received'`;
  if (table === 'moderations') return `'due'`;
  if (table === 'alerts') return `'waiting'`;
  return `CASE WHEN attempt > 0 THEN 'unknown' WHEN text IS NULL THEN 'wanted' ELSE 'drafted' END`;
}

// As before, and: a comment that was parked itself stays so whatever else is done for it; hidden is what is hidden now;
// deleted is told first.
const settle = `CREATE OR REPLACE FUNCTION settle_comment(which text) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    result text;
  BEGIN
    PERFORM 1 FROM comments WHERE id = which AND stage = 'acting' FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    IF EXISTS (SELECT 1 FROM replies WHERE comment_id = which AND due_at IS NOT NULL)
      OR EXISTS (SELECT 1 FROM moderations WHERE comment_id = which AND due_at IS NOT NULL)
      OR EXISTS (SELECT 1 FROM alerts WHERE comment_id = which AND due_at IS NOT NULL)
    THEN RETURN; END IF;
    SELECT CASE min(rank) WHEN 1 THEN 'parked' WHEN 2 THEN 'deleted' WHEN 3 THEN 'answered' WHEN 4 THEN 'hidden'
                          WHEN 5 THEN 'waiting' WHEN 6 THEN 'told' ELSE 'left-alone' END
      INTO result
      FROM (
        SELECT CASE WHEN parked_at IS NOT NULL THEN 1 WHEN hidden THEN 4 END AS rank FROM comments WHERE id = which
        UNION ALL
        SELECT CASE state WHEN 'parked' THEN 1 WHEN 'sent' THEN 3 WHEN 'waiting' THEN 5 END
          FROM replies WHERE comment_id = which
        UNION ALL
        SELECT CASE WHEN state = 'parked' THEN 1 WHEN state = 'done' AND action = 'delete' THEN 2
                    WHEN state = 'suggested' THEN 5 END
          FROM moderations WHERE comment_id = which
        UNION ALL
        SELECT CASE state WHEN 'parked' THEN 1 WHEN 'told' THEN 6 END FROM alerts WHERE comment_id = which
      ) AS what_happened;
    UPDATE comments
       SET stage = CASE result WHEN 'parked' THEN 'parked' ELSE 'done' END, outcome = result, finished_at = now()
     WHERE id = which;
  END $$`;

const formerSettle = settle
  .replace(
    `WHEN 2 THEN 'deleted' WHEN 3 THEN 'answered' WHEN 4 THEN 'hidden'`,
    `WHEN 3 THEN 'answered' WHEN 4 THEN 'hidden'`,
  )
  .replace(
    `SELECT CASE WHEN parked_at IS NOT NULL THEN 1 WHEN hidden THEN 4 END AS rank FROM comments WHERE id = which`,
    `SELECT NULL::integer AS rank`,
  )
  .replace(`WHEN state = 'done' AND action = 'delete' THEN 2`, `WHEN state = 'done' THEN 4`);

export class Actions1763679600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...forward, settle]) await runner.query(statement);
  }

  /** What the release before has no place for goes: private replies, and all but the first moderation of a kind. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(formerSettle);
    await runner.query(`DELETE FROM replies WHERE channel <> 'public'`);
    await runner.query(`DELETE FROM moderations WHERE action <> 'hide' OR EXISTS (
      SELECT 1 FROM moderations AS other WHERE other.comment_id = moderations.comment_id
         AND other.action = moderations.action AND (other.created_at, other.id) < (moderations.created_at, moderations.id))`);
    for (const { table } of parkable) {
      await runner.query(`ALTER TABLE ${table} DROP parked_from, DROP parked_at, DROP parked_reason`);
    }
    await runner.query('ALTER TABLE moderations DROP CONSTRAINT moderations_deleted_by_people');
    await runner.query('DROP INDEX moderations_of_comment');
    await runner.query('ALTER TABLE moderations DROP actor, DROP request_id');
    await runner.query('CREATE UNIQUE INDEX moderations_one_per_comment ON moderations (comment_id, action)');
    await runner.query('DROP INDEX replies_one_per_channel');
    await runner.query(
      'ALTER TABLE replies DROP audit_due_at, DROP audit_looks, DROP extra_reply_id, DROP looked_at, DROP channel',
    );
    await runner.query('CREATE UNIQUE INDEX replies_one_per_comment ON replies (comment_id)');
    // What waited for the rows that went ends; a word that the release before does not know would keep it from reading.
    await runner.query(`UPDATE comments SET outcome = 'hidden' WHERE outcome = 'deleted'`);
    await runner.query(`SELECT settle_comment(id) FROM comments WHERE stage = 'acting'`);
  }
}
