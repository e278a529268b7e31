import type { AccountIdentity } from '#domain/accounts/account.js';
import type { AccountReader, ConnectedAccount } from '#domain/platforms/platform.js';
import { PlatformId } from '#domain/shared/ids.js';
import { kindOf } from '#domain/shared/errors.js';
import { AccountId } from '#domain/shared/ids.js';
import type { InstagramApi } from './instagram-api.js';
import { me } from './instagram-schemas.js';

export const instagramId = PlatformId.parse('instagram');

/** The one account that the token belongs to. */
export class InstagramAccount implements AccountReader {
  /** As the platform said last. */
  #known: AccountIdentity | undefined;

  /** @param accountId when it is configured, nothing has to be asked to know whose comments are ours */
  constructor(
    private readonly api: InstagramApi,
    private readonly accountId: string | undefined,
  ) {}

  /** As far as it is known without asking. */
  get id(): AccountId | undefined {
    return this.accountId === undefined ? this.#known?.id : AccountId.parse(this.accountId);
  }

  /** Asks each time: a brand may change its name, and a name that is out of date no longer recognises its replies. */
  async connected(): Promise<readonly ConnectedAccount[]> {
    if (this.accountId === undefined) return [await this.#read()];
    const id = AccountId.parse(this.accountId);
    try {
      const { username } = await this.#read();
      return [{ id, platform: instagramId, username }];
    } catch (error) {
      // The name makes answers nicer, but is not worth refusing comments for.
      const username = this.#known?.username ?? this.accountId;
      const access = kindOf(error) === 'reconnect' ? 'refused' : 'untold';
      return [{ id, platform: instagramId, username, access }];
    }
  }

  /**
   * The account's name, to recognise its own replies in a thread.
   * @returns undefined when the platform will not tell
   * @throws AppError when it may tell later
   */
  async username(): Promise<string | undefined> {
    try {
      return (this.#known ?? (await this.#read())).username;
    } catch (error) {
      const final = ['rejected', 'gone', 'forbidden', 'not-found'].includes(kindOf(error));
      if (final && this.accountId !== undefined) return undefined;
      throw error;
    }
  }

  async #read(): Promise<AccountIdentity> {
    // `user_id` is what webhooks carry as `entry.id`; `id` is scoped to the app and matches nothing.
    const found = await this.api.read(
      { what: 'reading the account', path: ['me'], query: { fields: 'user_id,username' } },
      me,
    );
    this.#known = { id: AccountId.parse(found.user_id), platform: instagramId, username: found.username };
    return this.#known;
  }
}
