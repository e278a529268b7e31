import type { FileOwners } from '#domain/knowledge/file-owners.js';
import type { AccountId } from '#domain/shared/ids.js';
import type { Database } from './database.js';

export class PostgresFileOwners implements FileOwners {
  constructor(private readonly database: Database) {}

  async owned(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ file_key: string }>(
      `SELECT file_key FROM documents WHERE file_key = ANY($1::text[])
       UNION SELECT file_key FROM product_imports WHERE file_key = ANY($1::text[])`,
      [keys],
    );
    return new Set(rows.map(({ file_key: key }) => key));
  }

  async usage(accountId: AccountId): Promise<{ readonly files: number; readonly bytes: number }> {
    const [row] = await this.database.query<{ files: number; bytes: number }>(
      `SELECT count(*)::integer AS files, coalesce(sum(bytes), 0)::float8 AS bytes FROM documents
        WHERE account_id = $1 AND file_key IS NOT NULL`,
      [accountId],
    );
    return row ?? { files: 0, bytes: 0 };
  }
}
