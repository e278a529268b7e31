import type { MigrationInterface, QueryRunner } from 'typeorm';

// Incidents are their own outbox: tell_at says when there is something to tell (empty: nothing), and is the end of the
// lease while somebody tells it.
const statements = [
  `CREATE TABLE incidents (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT incidents_pkey PRIMARY KEY,
    kind text NOT NULL,
    subject text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    opened_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz,
    tell_at timestamptz DEFAULT now(),
    tell_epoch integer NOT NULL DEFAULT 0,
    maybe_seen boolean NOT NULL DEFAULT false,
    told_at timestamptz,
    over_told_at timestamptz)`,
  `CREATE UNIQUE INDEX incidents_open ON incidents (kind, subject) WHERE closed_at IS NULL`,
  `CREATE INDEX incidents_to_tell ON incidents (tell_at) WHERE tell_at IS NOT NULL`,
  // What is under way, and how the rest ended: counted at every scrape, from these alone.
  `CREATE INDEX comments_under_way ON comments (stage, received_at) WHERE finished_at IS NULL`,
  `CREATE INDEX comments_ended ON comments (outcome) WHERE finished_at IS NOT NULL`,
];

export class Incidents1763668800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX comments_ended');
    await runner.query('DROP INDEX comments_under_way');
    await runner.query('DROP TABLE incidents');
  }
}
