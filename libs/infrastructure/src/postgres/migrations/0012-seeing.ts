import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Seeing1763704800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE accounts ADD COLUMN local_rules_off text[] NOT NULL DEFAULT '{}'`);
    await runner.query(`ALTER TABLE media ADD COLUMN pictures text[] NOT NULL DEFAULT '{}'`);
    await runner.query(`CREATE TABLE understandings (
      media_id text NOT NULL,
      state text NOT NULL,
      content text NOT NULL,
      text text,
      problem text,
      model text,
      prompt_version text,
      made_at timestamptz,
      tries integer NOT NULL DEFAULT 0,
      epoch integer NOT NULL DEFAULT 0,
      due_at timestamptz,
      lease_until timestamptz,
      CONSTRAINT understandings_pkey PRIMARY KEY (media_id))`);
    await runner.query('CREATE INDEX understandings_due ON understandings (due_at) WHERE due_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE understandings');
    await runner.query('ALTER TABLE media DROP COLUMN pictures');
    await runner.query('ALTER TABLE accounts DROP COLUMN local_rules_off');
  }
}
