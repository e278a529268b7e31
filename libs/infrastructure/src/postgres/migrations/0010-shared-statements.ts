import type { MigrationInterface, QueryRunner } from 'typeorm';
import { takeAllowance } from './0004-limits.js';

// Asks of many jobs, answered in their order, in the number of statements that one ask takes.
const takeAllowances = `CREATE FUNCTION take_allowances(asked jsonb[])
  RETURNS TABLE (wait_ms float8, reason text) LANGUAGE plpgsql AS $$
DECLARE
  -- Columns of the uses, in the order of the asks.
  asks integer[];
  limits text[];
  keys text[];
  owners text[];
  needs integer[];
  mosts integer[];
  slots integer[];
  counts bigint[];
  moment timestamptz;
  used jsonb; -- by key: what counts against the limit
  taken jsonb := '{}'; -- by key: what was taken here
  stops jsonb; -- by owner: until when nothing may be done, and why; how long after each use, while it is slowed down
  stop jsonb;
  slowed text[] := '{}';
  free_at timestamptz;
  latest timestamptz;
  first integer;
  next integer := 1;
BEGIN
  SELECT array_agg(ask ORDER BY ask, use), array_agg("limit" ORDER BY ask, use), array_agg(key ORDER BY ask, use),
         array_agg(owner ORDER BY ask, use), array_agg(least(amount, most) ORDER BY ask, use),
         array_agg(most ORDER BY ask, use), array_agg(slot_ms ORDER BY ask, use), array_agg(counts_ms ORDER BY ask, use)
    INTO asks, limits, keys, owners, needs, mosts, slots, counts
    FROM unnest(asked) WITH ORDINALITY AS one(uses, ask),
         ROWS FROM (jsonb_to_recordset(uses) AS ("limit" text, key text, owner text, amount integer, most integer,
                                                 slot_ms integer, counts_ms bigint)) WITH ORDINALITY
           AS given("limit", key, owner, amount, most, slot_ms, counts_ms, use);
  -- In one order for everybody, so that two who ask for the same names never wait in a circle.
  PERFORM pg_advisory_xact_lock(id) FROM (
    SELECT DISTINCT hashtextextended('allowance ' || name, 0) AS id FROM unnest(keys || owners) AS name ORDER BY 1) AS ids;
  -- Only now: whoever had the locks before took at an earlier time, and each statement from here on sees it.
  moment := clock_timestamp();

  SELECT coalesce(jsonb_object_agg(key, amount), '{}') INTO used FROM (
    -- A lookup for each key: as a join it would read all that anybody ever used.
    SELECT key, (SELECT coalesce(sum(uses.amount), 0) FROM allowance_uses AS uses
                  WHERE uses.key = given.key AND uses.slot >= given.since) AS amount
      FROM (SELECT DISTINCT key, date_bin(slot_ms * interval '1 millisecond', moment, 'epoch')
                   - (counts_ms - slot_ms) * interval '1 millisecond' AS since
              FROM unnest(keys, slots, counts) AS each_one(key, slot_ms, counts_ms)) AS given) AS sums;
  SELECT coalesce(jsonb_object_agg(owner, jsonb_build_object('until', greatest(held, again), 'gap', gap,
                  'why', CASE WHEN again > held OR held IS NULL THEN 'slowed-down' ELSE held_why END)), '{}') INTO stops
    FROM allowance_holds, LATERAL (
      SELECT CASE WHEN held_until > moment THEN held_until END AS held,
             CASE WHEN slowed_until > moment THEN next_at END AS again,
             CASE WHEN slowed_until > moment THEN gap_ms END AS gap) AS now_in_force
   WHERE owner = ANY (owners);

  FOR ask IN 1 .. cardinality(asked) LOOP
    latest := NULL;
    reason := NULL;
    first := next;
    WHILE asks[next] = ask LOOP
      stop := stops -> owners[next];
      IF (stop ->> 'until')::timestamptz > coalesce(latest, moment) THEN
        latest := (stop ->> 'until')::timestamptz;
        reason := stop ->> 'why';
      END IF;
      IF (used ->> keys[next])::bigint + needs[next] > mosts[next] THEN
        -- When so many of the oldest no longer count that there is room; what was taken here counts longest.
        SELECT slot + counts[next] * interval '1 millisecond' INTO free_at FROM (
          SELECT slot, sum(amount) OVER (ORDER BY slot) AS freed FROM allowance_uses
           WHERE key = keys[next] AND slot >= date_bin(slots[next] * interval '1 millisecond', moment, 'epoch')
                 - (counts[next] - slots[next]) * interval '1 millisecond'
        ) AS oldest WHERE freed >= (used ->> keys[next])::bigint + needs[next] - mosts[next] ORDER BY slot LIMIT 1;
        free_at := coalesce(free_at, moment + counts[next] * interval '1 millisecond');
        IF latest IS NULL OR free_at > latest THEN
          latest := free_at;
          reason := limits[next];
        END IF;
      END IF;
      next := next + 1;
    END LOOP;
    wait_ms := greatest(1, extract(epoch FROM latest - moment) * 1000);
    IF latest IS NULL THEN
      wait_ms := NULL;
      FOR use IN first .. next - 1 LOOP
        used := jsonb_set(used, ARRAY[keys[use]], to_jsonb((used ->> keys[use])::bigint + needs[use]));
        taken := jsonb_set(taken, ARRAY[keys[use]], to_jsonb(coalesce((taken ->> keys[use])::bigint, 0) + needs[use]));
        IF stops -> owners[use] ->> 'gap' IS NOT NULL THEN
          slowed := slowed || owners[use];
          stops := jsonb_set(stops, ARRAY[owners[use]], (stops -> owners[use]) || jsonb_build_object('why', 'slowed-down',
            'until', moment + (stops -> owners[use] ->> 'gap')::integer * interval '1 millisecond'));
        END IF;
      END LOOP;
    END IF;
    RETURN NEXT;
  END LOOP;

  INSERT INTO allowance_uses (key, slot, amount, gone_at)
  SELECT key, slot, amount::integer, slot + counts_ms * interval '1 millisecond'
    FROM (SELECT DISTINCT key, counts_ms, date_bin(slot_ms * interval '1 millisecond', moment, 'epoch') AS slot
            FROM unnest(keys, slots, counts) AS each_one(key, slot_ms, counts_ms)) AS given
    JOIN jsonb_each_text(taken) AS took(key, amount) USING (key)
   ORDER BY key
  ON CONFLICT (key, slot) DO UPDATE SET amount = allowance_uses.amount + excluded.amount;
  IF slowed <> '{}' THEN
    UPDATE allowance_holds SET next_at = moment + gap_ms * interval '1 millisecond'
     WHERE slowed_until > moment AND owner = ANY (slowed);
  END IF;
  -- More than one ask adds, so that what nobody asks for again goes, too.
  DELETE FROM allowance_uses WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM allowance_uses WHERE gone_at < moment ORDER BY gone_at
     LIMIT 10 * cardinality(asked) FOR UPDATE SKIP LOCKED));
END $$`;

const words = `to_tsvector('russian'::regconfig, title || ' ' || coalesce(heading, '') || ' ' || text)`;

export class SharedStatements1763697600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION take_allowance(jsonb)');
    await runner.query(takeAllowances);
    // Ranking read and stemmed the whole text of every passage that matched, at every search.
    await runner.query('ALTER TABLE passages ADD COLUMN words tsvector');
    await runner.query(`UPDATE passages SET words = ${words}`);
    await runner.query('ALTER TABLE passages ALTER COLUMN words SET NOT NULL');
    await runner.query('DROP INDEX passages_search');
    await runner.query('CREATE INDEX passages_search ON passages USING gin (words)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX passages_search');
    await runner.query('ALTER TABLE passages DROP COLUMN words');
    await runner.query(`CREATE INDEX passages_search ON passages USING gin (${words})`);
    await runner.query('DROP FUNCTION take_allowances(jsonb[])');
    await runner.query(takeAllowance);
  }
}
