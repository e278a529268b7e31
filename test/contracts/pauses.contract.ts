import { beforeEach, describe, expect, it } from 'vitest';
import { AccountId } from '#domain/shared/ids.js';
import { everythingId, type NewPause, type Pauses } from '#domain/work/pauses.js';

/** Pauses together with the hands that a test needs on time. */
export interface PausesWorld {
  readonly pauses: Pauses;
  /** As if so many milliseconds had gone by. */
  pass(milliseconds: number): Promise<void>;
}

const account = AccountId.parse('17841400000000001');
const byPerson: NewPause = { scope: 'everything', id: everythingId, why: 'person', by: 'operator' };
const disconnected: NewPause = { scope: 'account', id: account, why: 'disconnected', by: 'system' };
const hours = 3_600_000;

/** What the book of pauses promises, wherever it is kept. */
export function pausesContract(name: string, open: () => Promise<PausesWorld>): void {
  describe(`${name}: a pause`, () => {
    let world: PausesWorld;
    beforeEach(async () => {
      world = await open();
    });

    it('stands once per scope, id and reason, however often it is asked for', async () => {
      const first = await world.pauses.pause(disconnected);
      const again = await world.pauses.pause({ ...disconnected, note: 'code 190' });
      await world.pauses.pause(byPerson);
      expect(again).toEqual({ ...first, note: 'code 190' });
      expect(await world.pauses.list()).toMatchObject([disconnected, byPerson]);
    });

    it('ends when it is resumed, and only for the reason that was named', async () => {
      await world.pauses.pause(disconnected);
      await world.pauses.pause({ ...byPerson, scope: 'account', id: account });
      expect(await world.pauses.resume('account', account, 'disconnected')).toBe(true);
      expect(await world.pauses.list()).toMatchObject([{ why: 'person' }]);
      expect(await world.pauses.resume('account', account, 'disconnected')).toBe(false);
      expect(await world.pauses.resume('account', account)).toBe(true);
      expect(await world.pauses.list()).toEqual([]);
    });

    it('ends by itself when it says until when; a person may give it another end', async () => {
      const begun = await world.pauses.pause(byPerson);
      await world.pauses.pause({ ...byPerson, until: new Date(begun.at.getTime() + hours) });
      await world.pass(hours - 60_000);
      expect(await world.pauses.list()).toHaveLength(1);
      await world.pass(60_000);
      expect(await world.pauses.list()).toEqual([]);
    });

    it('counts how often it came within a week', async () => {
      const times: number[] = [];
      for (const days of [0, 6, 6, 8]) {
        await world.pass(days * 24 * hours);
        times.push((await world.pauses.pause(disconnected)).times);
        await world.pauses.resume('account', account);
      }
      expect(times).toEqual([1, 2, 3, 1]);
    });

    it('of a blocked account lasts longer each time within a week, and not longer for each refusal', async () => {
      const lasting: number[] = [];
      for (let time = 0; time < 4; time += 1) {
        await world.pauses.coolOff(account, 'code 368');
        await world.pass(hours);
        await world.pauses.coolOff(account, 'code 368');
        const [pause] = await world.pauses.list();
        lasting.push(Math.round(((pause?.until?.getTime() ?? 0) - (pause?.at.getTime() ?? 0)) / hours));
        await world.pass(24 * hours);
      }
      expect(lasting).toEqual([6, 12, 24, 24]);
      expect(await world.pauses.list()).toEqual([]);
    });
  });
}
