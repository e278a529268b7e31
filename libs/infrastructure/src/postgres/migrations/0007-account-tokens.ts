import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AccountTokens1763686800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE account_tokens (
      account_id text NOT NULL,
      seed text NOT NULL,
      since timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz,
      key_id text,
      sealed bytea,
      CONSTRAINT account_tokens_pkey PRIMARY KEY (account_id, seed))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE account_tokens');
  }
}
