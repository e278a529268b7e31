import type { AccountIdentity } from '#domain/accounts/account.js';
import { Accounts } from '#domain/accounts/accounts.js';
import { Intake } from '#domain/comments/intake.js';
import { Platforms } from '#domain/platforms/platform.js';

/** Asks each platform which accounts our access belongs to, and serves those. Safe to run at any time, by many. */
export class DiscoverAccounts {
  constructor(
    private readonly platforms: Platforms,
    private readonly accounts: Accounts,
    private readonly intake: Intake,
  ) {}

  /** @throws AppError of the platform that could not be asked; what was found before it is kept */
  async execute(): Promise<readonly AccountIdentity[]> {
    const found: AccountIdentity[] = [];
    for (const platform of this.platforms.all()) {
      for (const identity of await platform.accounts.connected()) {
        await this.accounts.connect(identity);
        found.push(identity);
      }
    }
    // Until the first account was known, comments were kept for whoever it would be; now it is clear whose they are not.
    const served = await this.accounts.all();
    if (served.length > 0) await this.intake.dropForeign(served.map((account) => account.id));
    return found;
  }
}
