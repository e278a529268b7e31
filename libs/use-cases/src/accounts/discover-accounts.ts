import type { AccountIdentity } from '#domain/accounts/account.js';
import { Accounts } from '#domain/accounts/accounts.js';
import { Intake } from '#domain/comments/intake.js';
import { Incidents } from '#domain/notifications/incidents.js';
import { Platforms, type ConnectedAccount, type Platform } from '#domain/platforms/platform.js';
import { Clock } from '#domain/shared/clock.js';
import { kindOf } from '#domain/shared/errors.js';
import { mayResume, Pauses, type Pause } from '#domain/work/pauses.js';

/**
 * Asks each platform which accounts our access belongs to, and serves those. An account whose access is dead is paused, and
 * resumed when the platform accepts it again. Safe to run at any time, by many, and to die half-way: the next run
 * brings what is told into step with what is paused.
 */
export class DiscoverAccounts {
  constructor(
    private readonly platforms: Platforms,
    private readonly accounts: Accounts,
    private readonly intake: Intake,
    private readonly pauses: Pauses,
    private readonly incidents: Incidents,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError of the platform that could not be asked; what was found before it is kept */
  async execute(): Promise<readonly AccountIdentity[]> {
    const found: AccountIdentity[] = [];
    for (const platform of this.platforms.all()) {
      for (const account of await this.connectedTo(platform)) {
        await this.accounts.connect(account);
        await this.followAccess(account);
        await this.followBlock(account);
        found.push(account);
      }
    }
    // Until the first account was known, comments were kept for whoever it would be; now it is clear whose they are not.
    const served = await this.accounts.all();
    if (served.length > 0) await this.intake.dropForeign(served.map((account) => account.id));
    return found;
  }

  /** A platform that refuses our access as a whole names nobody: every account that is served there is cut off. */
  private async connectedTo(platform: Platform): Promise<readonly ConnectedAccount[]> {
    try {
      return await platform.accounts.connected();
    } catch (error) {
      if (kindOf(error) !== 'reconnect') throw error;
      const served = (await this.accounts.all()).filter((account) => account.platform === platform.id);
      if (served.length === 0) throw error;
      return served.map(({ id, username }) => ({ id, platform: platform.id, username, access: 'refused' }));
    }
  }

  private async followAccess({ id, username, access }: ConnectedAccount): Promise<void> {
    if (access === 'untold') return;
    if (access === 'refused') {
      await this.incidents.open({ kind: 'account-disconnected', subject: id, detail: { account: username } });
      await this.pauses.pause({ scope: 'account', id, why: 'disconnected', by: 'system' });
      return;
    }
    const paused = await this.pauseOf(id, 'disconnected');
    if (paused && !mayResume(paused, this.clock.now())) return;
    // Also without a pause: whoever opened it may have died before the pause.
    await this.incidents.close('account-disconnected', id);
    if (paused) await this.pauses.resume('account', id, 'disconnected');
  }

  /** A block ends by itself; that it is over is told here. */
  private async followBlock({ id, username }: ConnectedAccount): Promise<void> {
    const blocked = await this.pauseOf(id, 'blocked');
    if (!blocked) return await this.incidents.close('account-blocked', id);
    await this.incidents.open({ kind: 'account-blocked', subject: id, detail: { account: username } });
  }

  private async pauseOf(id: AccountIdentity['id'], why: Pause['why']): Promise<Pause | undefined> {
    const pauses = await this.pauses.list();
    return pauses.find((pause) => pause.scope === 'account' && pause.id === id && pause.why === why);
  }
}
