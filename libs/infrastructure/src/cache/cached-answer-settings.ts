import type {
  AnswerSettingsHistory,
  AnswerSettingsVersion,
  NewAnswerSettings,
} from '#domain/answers/settings-history.js';
import type { AccountId } from '#domain/shared/ids.js';
import { Remembered } from './remembered.js';

/** How long settings that were changed elsewhere may still be followed, in milliseconds. */
const settingsAreFreshForMs = 5_000;
/** Accounts that are answered for at the same time; some kilobytes each. */
const mostSettings = 1_000;

/** Every answer asks for them: one question per account and five seconds. */
export class CachedAnswerSettings implements AnswerSettingsHistory {
  readonly #known: Remembered<AccountId, AnswerSettingsVersion>;

  constructor(private readonly settings: AnswerSettingsHistory) {
    this.#known = new Remembered({
      ask: async (id: AccountId) => await settings.current(id),
      forMs: settingsAreFreshForMs,
      most: mostSettings,
    });
  }

  async current(accountId: AccountId): Promise<AnswerSettingsVersion> {
    return (await this.#known.get(accountId)) ?? (await this.settings.current(accountId));
  }

  async history(accountId: AccountId, limit: number, before?: number): Promise<readonly AnswerSettingsVersion[]> {
    return await this.settings.history(accountId, limit, before);
  }

  async add(version: NewAnswerSettings): Promise<AnswerSettingsVersion> {
    try {
      return await this.settings.add(version);
    } finally {
      this.#known.forget(version.accountId);
    }
  }
}
