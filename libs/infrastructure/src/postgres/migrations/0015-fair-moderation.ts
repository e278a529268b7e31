import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FairModeration1763715600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE corrections (
      id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT corrections_pkey PRIMARY KEY,
      comment_id text NOT NULL,
      account_id text NOT NULL,
      from_class text,
      from_confidence smallint,
      model text,
      prompt_version text,
      to_class text NOT NULL,
      reason text NOT NULL,
      actor text NOT NULL,
      at timestamptz NOT NULL DEFAULT now())`);
    await runner.query('CREATE INDEX corrections_of_comment ON corrections (comment_id, id)');

    await runner.query(`CREATE TABLE review_weeks (
      account_id text,
      week date,
      hidden integer NOT NULL,
      sampled integer NOT NULL,
      drawn_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT review_weeks_pkey PRIMARY KEY (account_id, week))`);
    await runner.query(`CREATE TABLE reviews (
      id uuid CONSTRAINT reviews_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
      account_id text NOT NULL,
      week date NOT NULL,
      comment_id text NOT NULL,
      hidden_at timestamptz NOT NULL,
      verdict text,
      note text,
      reviewed_by text,
      reviewed_at timestamptz)`);
    // No worker draws a comment twice, whatever else goes wrong.
    await runner.query('CREATE UNIQUE INDEX reviews_once ON reviews (account_id, week, comment_id)');
    await runner.query('CREATE INDEX reviews_of_week ON reviews (week, id)');
    // A week's hides by the machine are counted and drawn from without reading all that was ever moderated.
    await runner.query(`CREATE INDEX moderations_hidden_by_machine ON moderations (done_at)
      WHERE action = 'hide' AND actor = 'system' AND state = 'done'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX moderations_hidden_by_machine');
    await runner.query('DROP TABLE reviews');
    await runner.query('DROP TABLE review_weeks');
    await runner.query('DROP TABLE corrections');
  }
}
