import type { MigrationInterface, QueryRunner } from 'typeorm';

/** As the code of that day wrote settings down in which only the preset was chosen. */
const chosenPreset = `jsonb_build_object('preset', preset, 'changes', '{}'::jsonb, 'timeZone', 'UTC',
  'windows', '[]'::jsonb, 'posts', '[]'::jsonb, 'rules', '[]'::jsonb)`;

export class Policies1763701200000 implements MigrationInterface {
  /** Replace the workers at once: one of the release before fails over `accounts.preset`, and tries again. */
  async up(runner: QueryRunner): Promise<void> {
    // Each change is a version of the whole, so that what was in force can be shown and brought back.
    await runner.query(`CREATE TABLE policies (
      account_id text,
      version integer,
      settings jsonb NOT NULL,
      changed_at timestamptz NOT NULL DEFAULT now(),
      changed_by text NOT NULL,
      note text,
      CONSTRAINT policies_pkey PRIMARY KEY (account_id, version))`);
    await runner.query(`INSERT INTO policies (account_id, version, settings, changed_by)
      SELECT id, 1, ${chosenPreset}, 'system' FROM accounts WHERE preset <> 'balanced'`);
    await runner.query('ALTER TABLE accounts DROP COLUMN preset');

    // A thread (by its first comment) or a post that a person has taken over.
    await runner.query(`CREATE TABLE takeovers (
      scope text,
      id text,
      account_id text NOT NULL,
      taken_by text NOT NULL,
      taken_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT takeovers_pkey PRIMARY KEY (scope, id))`);
    await runner.query('CREATE INDEX takeovers_latest ON takeovers (taken_at, scope, id)');

    // What waits for a person, page by page.
    await runner.query(`CREATE INDEX moderations_suggested ON moderations (created_at, id) WHERE state = 'suggested'`);
    await runner.query(`CREATE INDEX replies_waiting ON replies (created_at, id) WHERE state = 'waiting'`);
  }

  /** Of each account the preset stays. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX replies_waiting');
    await runner.query('DROP INDEX moderations_suggested');
    await runner.query('DROP TABLE takeovers');
    await runner.query(`ALTER TABLE accounts ADD COLUMN preset text NOT NULL DEFAULT 'balanced'`);
    await runner.query(`UPDATE accounts SET preset = latest.settings->>'preset'
      FROM (SELECT DISTINCT ON (account_id) account_id, settings FROM policies ORDER BY account_id, version DESC) AS latest
     WHERE latest.account_id = accounts.id`);
    await runner.query('DROP TABLE policies');
  }
}
