import { describe, expect, it } from 'vitest';
import type { Platforms, Subscription } from '#domain/platforms/platform.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, PlatformId } from '#domain/shared/ids.js';
import { InMemoryAccounts } from '../../../../test/fakes/in-memory-accounts.js';
import { InMemoryIncidents } from '../../../../test/fakes/in-memory-incidents.js';
import { CheckSubscriptions } from './check-subscriptions.js';

const platform = PlatformId.parse('anywhere');
const [dead, lost] = [AccountId.parse('1'), AccountId.parse('2')];

describe('the check of subscriptions', () => {
  it('brings back a lost one although the access of another account is dead', async () => {
    const [accounts, incidents] = [new InMemoryAccounts(), new InMemoryIncidents()];
    for (const id of [dead, lost]) await accounts.connect({ id, platform, username: `shop ${id}` });
    const active = new Set<AccountId>();
    const subscription: Subscription = {
      isActive: async ({ accountId }) => {
        if (accountId === dead) throw new AppError('reconnect', 'code 190');
        return await Promise.resolve(active.has(accountId));
      },
      renew: async ({ accountId }) => void (await Promise.resolve(active.add(accountId))),
    };
    // Nothing else of a platform is looked at.
    const platforms = { get: () => ({ subscription }), all: () => [] } as unknown as Platforms;
    const check = new CheckSubscriptions(platforms, accounts, incidents);
    await expect(check.execute()).rejects.toMatchObject({ kind: 'reconnect' });
    expect(active).toEqual(new Set([lost]));
    expect(incidents.all).toMatchObject([{ kind: 'subscription-lost', subject: lost }]);
    expect(incidents.isOpen('subscription-lost', lost)).toBe(false);
  });
});
