import { AppError } from '#domain/shared/errors.js';
import { AccountId } from '#domain/shared/ids.js';
import type { NewPolicyVersion, Policies, PolicyVersion } from '#domain/policies/policies.js';
import { initialSettings, policySettings } from '#domain/policies/settings.js';
import type { Database } from './database.js';
import type { PolicyRow } from './entities/policy.entity.js';
import { optional } from './reading.js';

const columns =
  'account_id AS "accountId", version, settings, changed_at AS "changedAt", changed_by AS "changedBy", note';

export class PostgresPolicies implements Policies {
  constructor(private readonly database: Database) {}

  async current(accountId: AccountId): Promise<PolicyVersion> {
    const [latest] = await this.history(accountId, 1);
    return latest ?? untouched(accountId);
  }

  async version(accountId: AccountId, version: number): Promise<PolicyVersion | undefined> {
    if (version === 0) return untouched(accountId);
    const rows = await this.database.query<PolicyRow>(
      `SELECT ${columns} FROM policies WHERE account_id = $1 AND version = $2`,
      [accountId, version],
    );
    return rows.map(toVersion)[0];
  }

  async history(accountId: AccountId, limit: number, before?: number): Promise<readonly PolicyVersion[]> {
    const rows = await this.database.query<PolicyRow>(
      `SELECT ${columns} FROM policies WHERE account_id = $1 AND ($2::integer IS NULL OR version < $2)
        ORDER BY version DESC LIMIT $3`,
      [accountId, before ?? null, limit],
    );
    return rows.map(toVersion);
  }

  async add({ accountId, after, settings, by, note }: NewPolicyVersion): Promise<PolicyVersion> {
    const [row] = await this.database.query<PolicyRow>(
      `INSERT INTO policies (account_id, version, settings, changed_by, note)
       SELECT $1, $2::integer + 1, $3::jsonb, $4, $5
        WHERE $2 = (SELECT coalesce(max(version), 0) FROM policies WHERE account_id = $1)
       ON CONFLICT (account_id, version) DO NOTHING
       RETURNING ${columns}`,
      [accountId, after, JSON.stringify(settings), by, note ?? null],
    );
    if (!row) {
      throw new AppError('conflict', `Version ${after} is no longer in force: read the policy again, then change it.`);
    }
    return toVersion(row);
  }
}

function untouched(accountId: AccountId): PolicyVersion {
  return {
    accountId,
    version: 0,
    settings: initialSettings,
    changedAt: undefined,
    changedBy: undefined,
    note: undefined,
  };
}

function toVersion({ accountId, version, settings, changedAt, changedBy, note }: PolicyRow): PolicyVersion {
  return {
    accountId: AccountId.parse(accountId),
    version,
    settings: policySettings.parse(settings),
    changedAt,
    changedBy,
    note: optional(note),
  };
}
