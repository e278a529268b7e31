import { initialAnswerSettings, type AnswerSettings } from '#domain/answers/settings.js';
import type {
  AnswerSettingsHistory,
  AnswerSettingsVersion,
  NewAnswerSettings,
} from '#domain/answers/settings-history.js';
import type { AccountId } from '#domain/shared/ids.js';

/** One account's settings of answers, in memory. */
export class InMemoryAnswerSettings implements AnswerSettingsHistory {
  #version = 0;

  constructor(private settings: AnswerSettings = initialAnswerSettings) {}

  async current(accountId: AccountId): Promise<AnswerSettingsVersion> {
    const nobody = { changedAt: undefined, changedBy: undefined, note: undefined };
    return await Promise.resolve({ accountId, version: this.#version, settings: this.settings, ...nobody });
  }

  async history(accountId: AccountId): Promise<readonly AnswerSettingsVersion[]> {
    return this.#version === 0 ? [] : [await this.current(accountId)];
  }

  async add({ accountId, settings }: NewAnswerSettings): Promise<AnswerSettingsVersion> {
    this.settings = settings;
    this.#version += 1;
    return await this.current(accountId);
  }
}
