import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AlikeComments1763694000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE comments ADD COLUMN likeness text');
    // Only what the model itself decided has a likeness: what was taken over is not looked for.
    await runner.query('CREATE INDEX comments_alike ON comments (likeness, classified_at) WHERE likeness IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX comments_alike');
    await runner.query('ALTER TABLE comments DROP COLUMN likeness');
  }
}
