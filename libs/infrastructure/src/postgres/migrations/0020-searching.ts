import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How much an account has, and the passages of a small one beside a large one, without reading others'. */
export class Searching1763733600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX passages_of_account ON passages (account_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX passages_of_account');
  }
}
