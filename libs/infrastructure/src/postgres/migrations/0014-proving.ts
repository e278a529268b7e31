import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Proving1763712000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE prompt_choices (
      task text NOT NULL,
      account_id text NOT NULL,
      active integer,
      trial integer,
      trial_share smallint,
      changed_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT prompt_choices_pkey PRIMARY KEY (task, account_id))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE prompt_choices');
  }
}
