import type { MigrationInterface, QueryRunner } from 'typeorm';

// By default a table is vacuumed when a fifth of it is dead, and analysed when a tenth is new: of ten million comments
// these are millions, and until then the indexes on `due_at` carry every place where a row was ever due. Each step of a
// row's way changes an indexed column, so none of these updates can stay on its page (fillfactor would not help there).
const busy = {
  comments: { autovacuum_vacuum_scale_factor: 0.02, autovacuum_analyze_scale_factor: 0.02 },
  replies: { autovacuum_vacuum_scale_factor: 0.02, autovacuum_analyze_scale_factor: 0.02 },
  moderations: { autovacuum_vacuum_scale_factor: 0.02, autovacuum_analyze_scale_factor: 0.02 },
  alerts: { autovacuum_vacuum_scale_factor: 0.02, autovacuum_analyze_scale_factor: 0.02 },
  // Only ever added to, and old deliveries removed: what is new should soon be known as visible to all.
  decisions: { autovacuum_vacuum_insert_scale_factor: 0.05, autovacuum_analyze_scale_factor: 0.05 },
  deliveries: { autovacuum_vacuum_scale_factor: 0.05, autovacuum_vacuum_insert_scale_factor: 0.05 },
  // A handful of rows that change with every call: their size says nothing about how often.
  allowance_uses: { autovacuum_vacuum_scale_factor: 0, autovacuum_vacuum_threshold: 1_000 },
} as const;

export class Growth1763690400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, settings] of Object.entries(busy)) {
      const list = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
      await runner.query(`ALTER TABLE ${table} SET (${list.join(', ')})`);
    }
    // Compressing the body of a large batch cost up to a fifth of storing all of it; bodies are removed after some time.
    await runner.query('ALTER TABLE deliveries ALTER body SET STORAGE EXTERNAL');
    // A comment that nobody has understood yet is due, and found by the index for that: one index less for what comes in.
    await runner.query('DROP INDEX comments_under_way');
    await runner.query(
      `CREATE INDEX comments_under_way ON comments (stage) WHERE finished_at IS NULL AND stage <> 'received'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX comments_under_way');
    await runner.query('CREATE INDEX comments_under_way ON comments (stage, received_at) WHERE finished_at IS NULL');
    await runner.query('ALTER TABLE deliveries ALTER body SET STORAGE EXTENDED');
    for (const [table, settings] of Object.entries(busy)) {
      await runner.query(`ALTER TABLE ${table} RESET (${Object.keys(settings).join(', ')})`);
    }
  }
}
