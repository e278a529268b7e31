import type { MigrationInterface, QueryRunner } from 'typeorm';

export const takeAllowance = `CREATE FUNCTION take_allowance(asked jsonb, OUT wait_ms float8, OUT reason text) LANGUAGE plpgsql AS $$
DECLARE
  lock_id bigint;
  use record;
  moment timestamptz;
  used bigint;
  free_at timestamptz;
  latest timestamptz;
BEGIN
  -- In one order for everybody, so that two who ask for the same names never wait in a circle.
  FOR lock_id IN
    SELECT DISTINCT hashtextextended('allowance ' || name, 0)
      FROM jsonb_to_recordset(asked) AS given(key text, owner text), unnest(ARRAY[given.key, given.owner]) AS name
     ORDER BY 1
  LOOP
    PERFORM pg_advisory_xact_lock(lock_id);
  END LOOP;
  -- Only now: whoever had the locks before took at an earlier time, and each statement from here on sees it.
  moment := clock_timestamp();

  SELECT until, why INTO latest, reason FROM (
    SELECT held_until AS until, held_why AS why, owner FROM allowance_holds
    UNION ALL
    SELECT next_at, 'slowed-down', owner FROM allowance_holds WHERE slowed_until > moment
  ) AS stops
   WHERE until > moment AND owner IN (SELECT owner FROM jsonb_to_recordset(asked) AS given(owner text))
   ORDER BY until DESC LIMIT 1;

  FOR use IN
    SELECT given.*, least(amount, most) AS needed,
           date_bin(slot_ms * interval '1 millisecond', moment, 'epoch') - (counts_ms - slot_ms) * interval '1 millisecond'
             AS since
      FROM jsonb_to_recordset(asked)
        AS given("limit" text, key text, owner text, amount integer, most integer, slot_ms integer, counts_ms bigint)
  LOOP
    SELECT coalesce(sum(amount), 0) INTO used FROM allowance_uses WHERE key = use.key AND slot >= use.since;
    CONTINUE WHEN used + use.needed <= use.most;
    -- When so many of the oldest no longer count that there is room.
    SELECT slot + use.counts_ms * interval '1 millisecond' INTO free_at FROM (
      SELECT slot, sum(amount) OVER (ORDER BY slot) AS freed FROM allowance_uses WHERE key = use.key AND slot >= use.since
    ) AS oldest WHERE freed >= used + use.needed - use.most ORDER BY slot LIMIT 1;
    IF latest IS NULL OR free_at > latest THEN
      latest := free_at;
      reason := use."limit";
    END IF;
  END LOOP;
  IF latest IS NOT NULL THEN
    wait_ms := greatest(1, extract(epoch FROM latest - moment) * 1000);
    RETURN;
  END IF;

  INSERT INTO allowance_uses (key, slot, amount, gone_at)
  SELECT key, slot, least(amount, most), slot + counts_ms * interval '1 millisecond'
    FROM jsonb_to_recordset(asked) AS given(key text, amount integer, most integer, slot_ms integer, counts_ms bigint),
         date_bin(slot_ms * interval '1 millisecond', moment, 'epoch') AS slot
  ON CONFLICT (key, slot) DO UPDATE SET amount = allowance_uses.amount + excluded.amount;
  UPDATE allowance_holds SET next_at = moment + gap_ms * interval '1 millisecond'
   WHERE slowed_until > moment AND owner IN (SELECT owner FROM jsonb_to_recordset(asked) AS given(owner text));
  -- More than one call adds, so that what nobody asks for again goes, too.
  DELETE FROM allowance_uses WHERE (key, slot) IN (
    SELECT key, slot FROM allowance_uses WHERE gone_at < moment ORDER BY gone_at LIMIT 10 FOR UPDATE SKIP LOCKED);
END $$`;

// Of each kind of work, what is due of one account: the sweep takes turns between accounts.
const workTables = ['comments', 'replies', 'moderations', 'alerts'];

export class Limits1763676000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE allowance_uses (
      key text NOT NULL,
      slot timestamptz NOT NULL,
      amount integer NOT NULL,
      gone_at timestamptz NOT NULL,
      CONSTRAINT allowance_uses_pkey PRIMARY KEY (key, slot))`);
    await runner.query('CREATE INDEX allowance_uses_gone ON allowance_uses (gone_at)');
    await runner.query(`CREATE TABLE allowance_holds (
      owner text CONSTRAINT allowance_holds_pkey PRIMARY KEY,
      held_until timestamptz,
      held_why text,
      gap_ms integer,
      slowed_until timestamptz,
      next_at timestamptz)`);
    await runner.query(takeAllowance);
    for (const table of workTables) {
      await runner.query(
        `CREATE INDEX ${table}_due_of_account ON ${table} (account_id, due_at) WHERE due_at IS NOT NULL`,
      );
      // The new index answers what this one did; two of them would be written at every step of every row.
      await runner.query(`DROP INDEX ${table}_due`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of workTables) {
      await runner.query(`CREATE INDEX ${table}_due ON ${table} (due_at) WHERE due_at IS NOT NULL`);
      await runner.query(`DROP INDEX ${table}_due_of_account`);
    }
    await runner.query('DROP FUNCTION take_allowance(jsonb)');
    await runner.query('DROP TABLE allowance_holds');
    await runner.query('DROP TABLE allowance_uses');
  }
}
