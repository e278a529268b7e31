import { beforeEach, describe, expect, it } from 'vitest';
import type { Policies } from '#domain/policies/policies.js';
import { initialSettings, weekdays, type PolicySettings } from '#domain/policies/settings.js';
import { kindOf } from '#domain/shared/errors.js';
import { AccountId, MediaId } from '#domain/shared/ids.js';

const one = AccountId.parse('17841400000000001');
const other = AccountId.parse('17841400000000002');

const everything: PolicySettings = {
  preset: 'careful',
  changes: {
    classes: { spam: { hide: 'auto' }, question: { reply: 'auto', alert: true } },
    replyFrom: 80,
    hideFrom: 90,
  },
  timeZone: 'Asia/Vladivostok',
  windows: [
    { name: 'nights', days: [...weekdays], from: '22:00', to: '06:00', changes: { atMost: { reply: 'draft' } } },
  ],
  posts: [{ mediaId: MediaId.parse('1'), changes: { preset: 'classic' } }],
  rules: [
    {
      name: 'delivery',
      when: { contains: ['доставка'], words: ['how much'], pattern: '^x', has: ['link'], authors: ['a'], origin: 'ad' },
      do: { reply: ['😀 Daily.'], privateReply: ['x'], hide: 'now', alert: true },
    },
  ],
};

export function policiesContract(name: string, make: () => Promise<Policies>): void {
  describe(`policies, kept by ${name}`, () => {
    let policies: Policies;
    beforeEach(async () => {
      policies = await make();
    });

    const add = async (after: number, settings: PolicySettings, of = one): Promise<number> =>
      (await policies.add({ accountId: of, after, settings, by: 'operator', note: `after ${after}` })).version;

    it('are the first ones while nobody has decided anything', async () => {
      const untouched = { accountId: one, version: 0, settings: initialSettings, changedAt: undefined };
      expect(await policies.current(one)).toMatchObject(untouched);
      expect(await policies.version(one, 0)).toMatchObject(untouched);
      expect(await policies.history(one, 10)).toEqual([]);
      expect(await policies.version(one, 1)).toBeUndefined();
    });

    it('come back as they were decided, with who did it', async () => {
      expect(await add(0, everything)).toBe(1);
      const { changedAt, ...rest } = await policies.current(one);
      expect(changedAt).toBeInstanceOf(Date);
      expect(rest).toEqual({
        accountId: one,
        version: 1,
        settings: everything,
        changedBy: 'operator',
        note: 'after 0',
      });
      expect((await policies.current(other)).version).toBe(0);
    });

    it('keep every version, and show them newest first, page by page', async () => {
      for (let after = 0; after < 5; after += 1) await add(after, { ...everything, changes: { replyFrom: after } });
      await add(0, everything, other);
      const numbers = async (limit: number, before?: number): Promise<unknown> =>
        (await policies.history(one, limit, before)).map(({ version }) => version);
      expect(await numbers(2)).toEqual([5, 4]);
      expect(await numbers(10, 4)).toEqual([3, 2, 1]);
      expect((await policies.version(one, 2))?.settings.changes).toEqual({ replyFrom: 1 });
    });

    it('let nobody overwrite what he has not seen: of many who change the same version one succeeds', async () => {
      await add(0, everything);
      const tries = await Promise.allSettled(Array.from({ length: 10 }, async () => await add(1, initialSettings)));
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const refused = tries.filter((each) => each.status === 'rejected').map(({ reason }) => kindOf(reason));
      expect(new Set(refused)).toEqual(new Set(['conflict']));
      await expect(add(7, everything)).rejects.toMatchObject({ kind: 'conflict' });
      expect((await policies.current(one)).version).toBe(2);
    });
  });
}
