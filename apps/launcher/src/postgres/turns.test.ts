import { describe, expect, it } from 'vitest';

import { Turns } from './turns.js';

/** Runs the turns `ann1`, `bob1` … in the order given; a `+` behind the name keeps the session. */
async function play(turns: Turns<string>, names: string[]): Promise<string[]> {
  const done: string[] = [];
  for (const name of names) {
    turns.add(name.slice(0, 3), async () => {
      await Promise.resolve();
      done.push(name);
      return name.endsWith('+');
    });
  }
  await settled();
  return done;
}

/** Every promise which is only waiting for other promises has gone on after this. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('turns at the one session', () => {
  it('go in the order of arrival, one at a time', async () => {
    const turns = new Turns<string>(() => {});
    let running = 0;
    const most: number[] = [];
    for (const client of ['ann', 'bob', 'cat']) {
      turns.add(client, async () => {
        running += 1;
        await Promise.resolve();
        most.push(running);
        running -= 1;
        return false;
      });
    }
    await settled();
    expect(most).toEqual([1, 1, 1]);
  });

  it('belong to one client alone while its transaction is open', async () => {
    expect(await play(new Turns(() => {}), ['ann1+', 'bob1', 'ann2+', 'cat1', 'ann3', 'bob2'])).toEqual([
      'ann1+',
      'ann2+',
      'ann3',
      'bob1',
      'cat1',
      'bob2',
    ]);
  });

  it('wait as long as the keeper says nothing', async () => {
    const turns = new Turns<string>(() => {});
    expect(await play(turns, ['ann1+', 'bob1'])).toEqual(['ann1+']);
    expect(await play(turns, ['ann2'])).toEqual(['ann2']);
  });

  it('are forgotten when their client goes', async () => {
    const turns = new Turns<string>(() => {});
    const keeping = play(turns, ['ann1+', 'bob1', 'cat1']);
    await keeping;
    turns.drop('bob');
    const ran: string[] = [];
    turns.add('bob', () => Promise.resolve(ran.push('bob2') < 0));
    turns.add('ann', () => Promise.resolve(ran.push('ann2') < 0));
    await settled();
    expect(ran).toEqual(['ann2', 'bob2']);
  });

  it('end for everybody when the session breaks', async () => {
    const failures: unknown[] = [];
    const turns = new Turns<string>((error) => failures.push(error));
    const broken = new Error('out of memory');
    turns.add('ann', () => Promise.reject(broken));
    const after = await play(turns, ['bob1']);
    expect([failures, after]).toEqual([[broken], []]);
  });
});
