import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Answers1763726400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Each change is a version of the whole, as with policies.
    await runner.query(`CREATE TABLE answer_settings (
      account_id text,
      version integer,
      settings jsonb NOT NULL,
      changed_at timestamptz NOT NULL DEFAULT now(),
      changed_by text NOT NULL,
      note text,
      CONSTRAINT answer_settings_pkey PRIMARY KEY (account_id, version))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE answer_settings');
  }
}
