import type { Account, AccountIdentity } from '#domain/accounts/account.js';
import type { Accounts } from '#domain/accounts/accounts.js';
import { PlatformId } from '#domain/shared/ids.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId } from '#domain/shared/ids.js';
import type { Database } from './database.js';
import { AccountRow } from './entities/account.entity.js';

export class PostgresAccounts implements Accounts {
  constructor(private readonly database: Database) {}

  async get(id: AccountId): Promise<Account> {
    const row = await this.database.one(AccountRow, { id });
    if (!row) throw new AppError('not-found', `no account ${id} is connected`);
    return toAccount(row);
  }

  async all(): Promise<readonly Account[]> {
    const rows = await this.database.many(AccountRow, { order: { connectedAt: 'ASC', id: 'ASC' } });
    return rows.map(toAccount);
  }

  async connect({ id, platform, username }: AccountIdentity): Promise<void> {
    await this.database.query(
      `INSERT INTO accounts (id, platform, username) VALUES ($1, $2, $3)
       ON CONFLICT (id) DO UPDATE SET username = excluded.username
        WHERE excluded.username NOT IN (accounts.username, accounts.id)`, // the id stands in when the name is not known
      [id, platform, username],
    );
  }
}

function toAccount(row: AccountRow): Account {
  return {
    id: AccountId.parse(row.id),
    platform: PlatformId.parse(row.platform),
    username: row.username,
  };
}
