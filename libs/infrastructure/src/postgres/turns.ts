import type { Turn, Turns } from '#domain/work/turns.js';
import type { Database } from './database.js';

export class PostgresTurns implements Turns {
  constructor(private readonly database: Database) {}

  async take(name: string, forMs: number): Promise<Turn | undefined> {
    const [row] = await this.database.query<{ taken: number }>(
      `INSERT INTO turns (name, taken, next_at) VALUES ($1, 1, now() + $2 * interval '1 millisecond')
       ON CONFLICT (name) DO UPDATE SET taken = turns.taken + 1, next_at = excluded.next_at
        WHERE turns.next_at <= now()
       RETURNING taken`,
      [name, forMs],
    );
    return row && { name, number: row.taken };
  }

  async finish({ name, number }: Turn, againInMs: number): Promise<void> {
    await this.database.query(
      `WITH finished AS (
         UPDATE turns SET next_at = now() + $3 * interval '1 millisecond' WHERE name = $1 AND taken = $2 RETURNING name)
       SELECT name FROM finished`,
      [name, number, againInMs],
    );
  }
}
