import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Incidents1763668800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE incidents (
      id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT incidents_pkey PRIMARY KEY,
      kind text NOT NULL,
      subject text NOT NULL,
      detail jsonb NOT NULL DEFAULT '{}',
      opened_at timestamptz NOT NULL DEFAULT now(),
      closed_at timestamptz)`);
    await runner.query(`CREATE UNIQUE INDEX incidents_open ON incidents (kind, subject) WHERE closed_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE incidents');
  }
}
