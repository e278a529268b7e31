import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Pauses1763672400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE pauses (
      scope text NOT NULL,
      id text NOT NULL,
      why text NOT NULL,
      until timestamptz,
      paused_by text NOT NULL,
      paused_at timestamptz NOT NULL DEFAULT now(),
      note text,
      times integer NOT NULL DEFAULT 1,
      told_through timestamptz,
      CONSTRAINT pauses_pkey PRIMARY KEY (scope, id, why))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE pauses');
  }
}
