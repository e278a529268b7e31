import type { MigrationInterface, QueryRunner } from 'typeorm';

// All locks before the first is taken: calls of one statement keep theirs until its end, so the order over all of them
// is what keeps two statements from waiting in a circle.
const takeAllowances = `CREATE FUNCTION take_allowances(asked jsonb[])
  RETURNS TABLE (wait_ms float8, reason text) LANGUAGE plpgsql AS $$
DECLARE
  lock_id bigint;
  uses jsonb;
BEGIN
  FOR lock_id IN
    SELECT DISTINCT hashtextextended('allowance ' || name, 0)
      FROM unnest(asked) AS one, jsonb_to_recordset(one) AS given(key text, owner text),
           unnest(ARRAY[given.key, given.owner]) AS name
     ORDER BY 1
  LOOP
    PERFORM pg_advisory_xact_lock(lock_id);
  END LOOP;
  FOREACH uses IN ARRAY asked LOOP
    SELECT taken.wait_ms, taken.reason INTO wait_ms, reason FROM take_allowance(uses) AS taken;
    RETURN NEXT;
  END LOOP;
END $$`;

const words = `to_tsvector('russian'::regconfig, title || ' ' || coalesce(heading, '') || ' ' || text)`;

export class SharedStatements1763697600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
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
  }
}
