import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Coverage1763683200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE comments ADD COLUMN source text NOT NULL DEFAULT 'webhook', ADD COLUMN written_at timestamptz`,
    );
    // What a post has, and what came when by which way: both are counted without reading the comments themselves.
    await runner.query('CREATE INDEX comments_of_media ON comments (media_id, received_at) WHERE media_id IS NOT NULL');
    await runner.query('CREATE INDEX comments_came ON comments (account_id, source, received_at)');
    await runner.query(`CREATE TABLE media_looks (
      media_id text CONSTRAINT media_looks_pkey PRIMARY KEY,
      account_id text NOT NULL,
      looked_at timestamptz NOT NULL,
      counted integer NOT NULL,
      known integer NOT NULL,
      unexplained integer NOT NULL,
      whole boolean NOT NULL,
      continue_at text)`);
    await runner.query('CREATE INDEX media_looks_of_account ON media_looks (account_id)');
    await runner.query(`CREATE TABLE turns (
      name text CONSTRAINT turns_pkey PRIMARY KEY,
      taken integer NOT NULL DEFAULT 0,
      next_at timestamptz NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE turns');
    await runner.query('DROP TABLE media_looks');
    await runner.query('DROP INDEX comments_came');
    await runner.query('DROP INDEX comments_of_media');
    await runner.query('ALTER TABLE comments DROP COLUMN written_at, DROP COLUMN source');
  }
}
