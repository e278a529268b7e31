import { beforeEach, describe, expect, it } from 'vitest';
import type { Account, AccountIdentity } from '#domain/accounts/account.js';
import type { Accounts } from '#domain/accounts/accounts.js';
import type { Intake } from '#domain/comments/intake.js';
import type { ConnectedAccount, Platform, Platforms } from '#domain/platforms/platform.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, PlatformId } from '#domain/shared/ids.js';
import { InMemoryIncidents } from '../../../../test/fakes/in-memory-incidents.js';
import { InMemoryPauses } from '../../../../test/fakes/in-memory-pauses.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { DiscoverAccounts } from './discover-accounts.js';

const platformId = PlatformId.parse('anywhere');
const identity = (id: string): AccountIdentity => ({ id: AccountId.parse(id), platform: platformId, username: id });
const [bread, cakes] = [identity('bread'), identity('cakes')];

class Died extends Error {}

/** Two accounts of one platform, and a process that may die before any of its writes. */
class World {
  readonly clock = new VirtualClock();
  readonly pauses = new InMemoryPauses(this.clock);
  readonly incidents = new InMemoryIncidents();
  readonly served: Account[] = [];
  access: readonly ConnectedAccount[] | AppError = [bread, cakes];
  writesUntilDeath = Number.POSITIVE_INFINITY;

  async discover(): Promise<void> {
    const { pauses, incidents } = this;
    await new DiscoverAccounts(
      this.platforms,
      this.accounts,
      this.intake,
      this.mortal(pauses, ['pause', 'resume']),
      this.mortal(incidents, ['open', 'close']),
      this.clock,
    ).execute();
  }

  /** The first process dies before one of its writes, the next one does not. */
  async discoverTwice(writesBeforeDeath: number): Promise<void> {
    this.writesUntilDeath = writesBeforeDeath;
    try {
      await this.discover();
    } catch (error) {
      if (!(error instanceof Died)) throw error;
    }
    this.writesUntilDeath = Number.POSITIVE_INFINITY;
    await this.discover();
  }

  async pausedAs(): Promise<readonly string[]> {
    return (await this.pauses.list()).map(({ id, why }) => `${id} ${why}`);
  }

  open(): readonly string[] {
    return this.incidents.all.flatMap(({ kind, subject, closedAt }) => (closedAt ? [] : [`${subject} ${kind}`]));
  }

  private mortal<Port extends object>(port: Port, writes: readonly string[]): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return async (...parameters: unknown[]): Promise<unknown> => {
          if (writes.includes(String(name))) this.writesUntilDeath -= 1;
          if (this.writesUntilDeath < 0) throw new Died();
          return await Reflect.apply(method, target, parameters);
        };
      },
    });
  }

  private readonly platforms: Platforms = { get: () => this.platform, all: () => [this.platform] };
  private readonly platform = {
    id: platformId,
    accounts: {
      connected: async () => {
        if (this.access instanceof AppError) throw this.access;
        return await Promise.resolve(this.access);
      },
    },
  } as Platform; // only its accounts are asked for here
  private readonly accounts: Accounts = {
    get: async () => await Promise.reject(new Error('not here')),
    all: async () => await Promise.resolve(this.served),
    connect: async ({ id, platform, username }) => {
      if (!this.served.some((account) => account.id === id)) {
        this.served.push({ id, platform, username });
      }
      await Promise.resolve();
    },
  };
  private readonly intake: Intake = {
    store: async () => await Promise.reject(new Error('not here')),
    dropForeign: async () => await Promise.resolve(0),
    forgetDeliveries: async () => await Promise.resolve(0),
  };
}

let world: World;
beforeEach(async () => {
  world = new World();
  await world.discover();
});

// audit 31
describe('an account whose access is dead', () => {
  it('is paused and told before any reply finds out; the other account is not touched', async () => {
    world.access = [{ ...bread, access: 'refused' }, cakes];
    await world.discover();
    await world.discover();
    expect(await world.pausedAs()).toEqual(['bread disconnected']);
    expect(world.incidents.all).toMatchObject([{ kind: 'account-disconnected', subject: 'bread' }]);
  });

  it('is resumed, and told so once, when the platform accepts it again', async () => {
    world.access = [{ ...bread, access: 'refused' }, cakes];
    await world.discover();
    world.access = [bread, cakes];
    await world.discover();
    await world.discover();
    expect(await world.pausedAs()).toEqual([]);
    expect(world.open()).toEqual([]);
    expect(world.incidents.all).toHaveLength(1);
  });

  it('stays paused while nobody can tell', async () => {
    world.access = [{ ...bread, access: 'refused' }];
    await world.discover();
    world.access = [{ ...bread, access: 'untold' }];
    await world.discover();
    world.access = new AppError('unavailable', 'nobody listens');
    await expect(world.discover()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await world.pausedAs()).toEqual(['bread disconnected']);
    expect(world.open()).toEqual(['bread account-disconnected']);
  });

  it('is one of all when the platform refuses our access as a whole; while none is served, that is a failure', async () => {
    world.access = new AppError('reconnect', 'code 190');
    await world.discover();
    expect(await world.pausedAs()).toEqual(['bread disconnected', 'cakes disconnected']);
    world.served.length = 0;
    await expect(world.discover()).rejects.toMatchObject({ kind: 'reconnect' });
  });

  it('is not lost and found again every few seconds when the platform only says that it accepts it', async () => {
    const refuse = async (): Promise<void> => {
      await world.pauses.pause({ scope: 'account', id: bread.id, why: 'disconnected', by: 'system' });
      await world.discover();
    };
    await refuse();
    expect(await world.pausedAs()).toEqual([]);
    await refuse();
    expect(await world.pausedAs()).toEqual(['bread disconnected']);
    world.clock.pass(60_000);
    await world.discover();
    expect(await world.pausedAs()).toEqual([]);
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('ends right when the process dies before its write no. %d', async (writes) => {
    world.access = [{ ...bread, access: 'refused' }, cakes];
    await world.discoverTwice(writes);
    expect([await world.pausedAs(), world.open()]).toEqual([['bread disconnected'], ['bread account-disconnected']]);

    world.access = [bread, cakes];
    await world.discoverTwice(writes);
    expect([await world.pausedAs(), world.open()]).toEqual([[], []]);
  });

  it('is found again also when whoever told about it died before the pause', async () => {
    await world.incidents.open({ kind: 'account-disconnected', subject: bread.id });
    await world.discover();
    expect(world.open()).toEqual([]);
  });
});

describe('an account that the platform has blocked', () => {
  it('goes on by itself after six hours, and that is told', async () => {
    await world.pauses.coolOff(bread.id, 'code 368');
    await world.discover();
    expect(world.open()).toEqual(['bread account-blocked']);
    world.clock.pass(6 * 3_600_000);
    expect(await world.pausedAs()).toEqual([]);
    await world.discover();
    expect(world.open()).toEqual([]);
  });

  it('rests longer each time within a week', async () => {
    const rests: number[] = [];
    for (let time = 0; time < 4; time += 1) {
      await world.pauses.coolOff(bread.id, 'code 368');
      const [pause] = await world.pauses.list();
      rests.push(((pause?.until?.getTime() ?? 0) - world.clock.ms) / 3_600_000);
      world.clock.pass(25 * 3_600_000);
    }
    expect(rests).toEqual([6, 12, 24, 24]);
  });
});
