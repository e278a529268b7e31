import { beforeEach, describe, expect, it } from 'vitest';
import { initialSettings, type PolicySettings } from '#domain/policies/settings.js';
import { AccountId, PlatformId } from '#domain/shared/ids.js';
import { InMemoryAccounts } from '../../../../test/fakes/in-memory-accounts.js';
import { InMemoryPolicies } from '../../../../test/fakes/in-memory-policies.js';
import { PlainPatterns } from '../../../../test/fakes/plain-patterns.js';
import { ChangePolicy } from './change-policy.js';

const accountId = AccountId.parse('17841400000000001');
let policies: InMemoryPolicies;
let changePolicy: ChangePolicy;
beforeEach(async () => {
  const accounts = new InMemoryAccounts();
  await accounts.connect({ id: accountId, platform: PlatformId.parse('anywhere'), username: 'brand' });
  policies = new InMemoryPolicies();
  changePolicy = new ChangePolicy(accounts, policies, new PlainPatterns());
});

const change = async (given: Partial<PolicySettings>, after?: number, of = accountId): Promise<number> =>
  (
    await changePolicy.execute({
      accountId: of,
      after,
      change: (settings) => ({ ...settings, ...given }),
      by: 'operator',
      note: undefined,
    })
  ).version;

describe('a change of a policy', () => {
  it('is a new version that keeps what was not changed', async () => {
    expect(await change({ preset: 'careful' })).toBe(1);
    expect(await change({ timeZone: 'Europe/Berlin' })).toBe(2);
    expect((await policies.current(accountId)).settings).toEqual({
      ...initialSettings,
      preset: 'careful',
      timeZone: 'Europe/Berlin',
    });
  });

  it('made from a version that is no longer in force is refused', async () => {
    await change({ preset: 'careful' }, 0);
    await expect(change({ preset: 'classic' }, 0)).rejects.toMatchObject({
      kind: 'conflict',
      message: 'Version 1 is in force, not 0: read the policy again, then change it.',
    });
  });

  it('that contradicts itself is refused with every conflict named, and changes nothing', async () => {
    const bad = { timeZone: 'Atlantis', changes: { replyFrom: 200 } };
    await expect(change(bad)).rejects.toMatchObject({
      kind: 'invalid',
      message:
        'There is no time zone "Atlantis"; write a name like Europe/Berlin. (unknown-time-zone) ' +
        'replyFrom of the account is 200; it is a whole number from 0 to 100. (confidence-out-of-range)',
    });
    expect((await policies.current(accountId)).version).toBe(0);
  });

  it('with very many conflicts names some and counts the others', async () => {
    const rules = Array.from({ length: 9 }, (_, index) => ({
      name: `${index}`,
      when: { words: [`w${index}`] },
      do: {},
    }));
    await expect(change({ rules })).rejects.toThrow(/There are 4 more\.$/u);
  });

  it('of an account that nobody knows is refused', async () => {
    await expect(change({}, 0, AccountId.parse('9'))).rejects.toMatchObject({ kind: 'not-found' });
  });
});
