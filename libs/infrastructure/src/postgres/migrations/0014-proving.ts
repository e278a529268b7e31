import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE prompt_choices (
    task text NOT NULL,
    account_id text NOT NULL,
    active integer,
    trial integer,
    trial_share smallint,
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT prompt_choices_pkey PRIMARY KEY (task, account_id))`,

  `CREATE TABLE backtests (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT backtests_pkey PRIMARY KEY,
    account_id text NOT NULL,
    request jsonb NOT NULL,
    state text NOT NULL,
    reason text,
    total integer NOT NULL,
    estimate bigint,
    cursor text,
    figures jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    epoch integer NOT NULL DEFAULT 0,
    due_at timestamptz,
    attempts integer NOT NULL DEFAULT 0)`,
  `CREATE INDEX backtests_due ON backtests (due_at) WHERE due_at IS NOT NULL`,
  `CREATE INDEX backtests_created ON backtests (created_at, id)`,

  `CREATE TABLE backtest_changes (
    backtest_id uuid NOT NULL,
    number integer NOT NULL,
    comment_id text NOT NULL,
    detail jsonb NOT NULL,
    CONSTRAINT backtest_changes_pkey PRIMARY KEY (backtest_id, number))`,
];

export class Proving1763712000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['backtest_changes', 'backtests', 'prompt_choices']) await runner.query(`DROP TABLE ${table}`);
  }
}
