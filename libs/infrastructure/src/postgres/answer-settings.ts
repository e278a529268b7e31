import { answerSettings, initialAnswerSettings } from '#domain/answers/settings.js';
import type {
  AnswerSettingsHistory,
  AnswerSettingsVersion,
  NewAnswerSettings,
} from '#domain/answers/settings-history.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId } from '#domain/shared/ids.js';
import type { Database } from './database.js';
import type { AnswerSettingsRow } from './entities/answer-settings.entity.js';
import { optional } from './reading.js';

const columns =
  'account_id AS "accountId", version, settings, changed_at AS "changedAt", changed_by AS "changedBy", note';

export class PostgresAnswerSettings implements AnswerSettingsHistory {
  constructor(private readonly database: Database) {}

  async current(accountId: AccountId): Promise<AnswerSettingsVersion> {
    const [latest] = await this.history(accountId, 1);
    return latest ?? untouched(accountId);
  }

  async history(accountId: AccountId, limit: number, before?: number): Promise<readonly AnswerSettingsVersion[]> {
    const rows = await this.database.query<AnswerSettingsRow>(
      `SELECT ${columns} FROM answer_settings WHERE account_id = $1 AND ($2::integer IS NULL OR version < $2)
        ORDER BY version DESC LIMIT $3`,
      [accountId, before ?? null, limit],
    );
    return rows.map(toVersion);
  }

  async add({ accountId, after, settings, by, note }: NewAnswerSettings): Promise<AnswerSettingsVersion> {
    const [row] = await this.database.query<AnswerSettingsRow>(
      `INSERT INTO answer_settings (account_id, version, settings, changed_by, note)
       SELECT $1, $2::integer + 1, $3::jsonb, $4, $5
        WHERE $2 = (SELECT coalesce(max(version), 0) FROM answer_settings WHERE account_id = $1)
       ON CONFLICT (account_id, version) DO NOTHING
       RETURNING ${columns}`,
      [accountId, after, JSON.stringify(settings), by, note ?? null],
    );
    if (!row) throw new AppError('conflict', `Version ${after} is no longer in force: read it again, then change it.`);
    return toVersion(row);
  }
}

function untouched(accountId: AccountId): AnswerSettingsVersion {
  return {
    accountId,
    version: 0,
    settings: initialAnswerSettings,
    changedAt: undefined,
    changedBy: undefined,
    note: undefined,
  };
}

function toVersion({
  accountId,
  version,
  settings,
  changedAt,
  changedBy,
  note,
}: AnswerSettingsRow): AnswerSettingsVersion {
  return {
    accountId: AccountId.parse(accountId),
    version,
    // What a later release leaves out is as nobody had decided it.
    settings: answerSettings.parse({ ...initialAnswerSettings, ...answerSettings.partial().parse(settings) }),
    changedAt,
    changedBy,
    note: optional(note),
  };
}
