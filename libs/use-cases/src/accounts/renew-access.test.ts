import { beforeEach, describe, expect, it } from 'vitest';
import type { AccessState, AccountAccess } from '#domain/accounts/access.js';
import type { Platform, Platforms } from '#domain/platforms/platform.js';
import { AppError } from '#domain/shared/errors.js';
import { InMemoryAccounts } from '../../../../test/fakes/in-memory-accounts.js';
import { InMemoryIncidents } from '../../../../test/fakes/in-memory-incidents.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { account } from '../../../../test/support/rows.js';
import { RenewAccess } from './renew-access.js';

const dayMs = 86_400_000;

class World {
  readonly clock = new VirtualClock();
  readonly incidents = new InMemoryIncidents();
  readonly accounts = new InMemoryAccounts();
  keepsTokens = true;
  works = true;
  renewals = 0;
  stateNow: AccessState = { since: this.clock.now(), expiresAt: undefined };

  /** A process that was just started: nothing is remembered but what is stored. */
  async run(): Promise<void> {
    const access: AccountAccess = {
      keepsTokens: this.keepsTokens,
      state: async () => await Promise.resolve(this.stateNow),
      keep: async (_id, _token, expiresAt) => {
        this.stateNow = { since: this.clock.now(), expiresAt };
        await Promise.resolve();
      },
    };
    const renewal: NonNullable<Platform['access']> = {
      renew: async () => {
        if (!this.works) throw new AppError('unavailable', 'away');
        this.renewals += 1;
        return await Promise.resolve({ token: 'renewed-token', expiresInMs: 60 * dayMs });
      },
    };
    // Renewing looks at nothing else of a platform.
    const platforms = { get: () => ({ access: renewal }), all: () => [] } as unknown as Platforms;
    await new RenewAccess(platforms, this.accounts, access, this.incidents, this.clock).execute();
  }

  /** An hour at a time. */
  async live(days: number): Promise<void> {
    for (let hours = 0; hours < days * 24; hours += 1) {
      this.clock.pass(3_600_000);
      await this.run();
    }
  }

  told(kind: string): readonly string[] {
    return this.incidents.all
      .filter((one) => one.kind === kind)
      .map(({ subject }) => subject)
      .toReversed();
  }
}

let world: World;
beforeEach(async () => {
  world = new World();
  await world.accounts.connect(account);
});

describe('the access of an account', () => {
  // audit 31
  it('is renewed a day after it was first seen, and then once a month, for ever', async () => {
    await world.live(0.9);
    expect(world.renewals).toBe(0);
    await world.live(365);
    expect(world.renewals).toBe(13);
    expect(world.incidents.all).toEqual([]);
  });

  // T19
  it('that cannot be renewed is told about once at 14, 7, 1 and 0 days, also across restarts', async () => {
    await world.live(2);
    world.works = false;
    await world.live(70);
    const stages = [14, 7, 1, 0].map((stage) => `${account.id}:${stage}`);
    expect(world.told('token-expiring')).toEqual(stages);
    expect(world.told('token-not-refreshed')).toEqual([account.id]);
  });

  // T19
  it('closes every message when a token is renewed, and begins anew with the next', async () => {
    await world.live(2);
    world.works = false;
    await world.live(54);
    expect(world.incidents.isOpen('token-expiring', `${account.id}:7`)).toBe(true);
    world.works = true;
    await world.live(1);
    expect(world.incidents.all.filter(({ closedAt }) => closedAt === undefined)).toEqual([]);
    world.works = false;
    await world.live(50);
    expect(world.told('token-expiring').filter((subject) => subject.endsWith(':14'))).toHaveLength(2);
  });

  it('is all right again when somebody puts a new token in, and not when the old one has ended', async () => {
    await world.live(2);
    world.works = false;
    await world.live(70);
    expect(world.incidents.isOpen('token-not-refreshed', account.id)).toBe(true);
    world.stateNow = { since: world.clock.now(), expiresAt: undefined };
    await world.run();
    expect(world.incidents.all.filter(({ closedAt }) => closedAt === undefined)).toEqual([]);
  });

  it('tells only what is true now to somebody who was away for weeks', async () => {
    world.works = false;
    world.stateNow = { since: world.clock.now(), expiresAt: new Date(world.clock.ms + 5 * dayMs) };
    await world.run();
    expect(world.told('token-expiring')).toEqual([`${account.id}:7`]);
  });

  it('is left as it is where a renewed token could not be kept', async () => {
    world.keepsTokens = false;
    await world.live(40);
    expect(world.renewals).toBe(0);
  });
});
