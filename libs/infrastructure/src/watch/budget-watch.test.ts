import { beforeEach, describe, expect, it } from 'vitest';
import { AccountId } from '#domain/shared/ids.js';
import type { AccountBudget } from '#domain/spending/budget.js';
import { InMemoryIncidents } from '../../../../test/fakes/in-memory-incidents.js';
import { BudgetWatch } from './budget-watch.js';

const accountId = AccountId.parse('17841400000000001');

// CL-5
describe('the money of the day', () => {
  let book: InMemoryIncidents;
  let standing: AccountBudget[];
  let watches: readonly BudgetWatch[];
  beforeEach(() => {
    book = new InMemoryIncidents();
    standing = [];
    const watch = (): BudgetWatch =>
      new BudgetWatch(
        book,
        { noteworthy: async () => await Promise.resolve(standing) },
        async () => await Promise.resolve(0),
      );
    watches = [watch(), watch()];
  });

  const budget = (today: Partial<AccountBudget['today']>, account = 10_000_000): AccountBudget => ({
    accountId,
    account,
    author: 1_000_000,
    chosen: {},
    today: { day: '2026-11-21', spent: 0, refused: 0, authorsStopped: 0, ...today },
  });
  /** Two workers look, several times; one of them is started anew in between. */
  const look = async (...now: AccountBudget[]): Promise<void> => {
    standing = now;
    for (let round = 0; round < 3; round += 1) for (const watch of watches) await watch.look();
  };
  const told = (): readonly string[] => book.all.map(({ kind, closedAt }) => `${kind}${closedAt ? ', over' : ''}`);

  it('is told once at 70 %, and is over with the day', async () => {
    await look(budget({ spent: 6_999_999 }));
    expect(told()).toEqual([]);
    await look(budget({ spent: 7_000_000 }));
    await look(budget({ spent: 9_900_000 }));
    expect(book.all).toMatchObject([
      {
        kind: 'budget-nearly-spent',
        subject: accountId,
        detail: { day: '2026-11-21', 'spent, dollars': 7, 'budget, dollars': 10 },
      },
    ]);
    await look();
    expect(told()).toEqual(['budget-nearly-spent, over']);
    await look(budget({ spent: 7_000_000, day: '2026-11-22' }));
    expect(told()).toEqual(['budget-nearly-spent', 'budget-nearly-spent, over']);
  });

  it('is told once when it is spent, however many calls were not made', async () => {
    await look(budget({ spent: 9_999_000, refused: 1 }));
    await look(budget({ spent: 9_999_000, refused: 8_000 }));
    expect(told()).toEqual(['budget-spent', 'budget-nearly-spent']);
  });

  it('is over when there is more of it', async () => {
    await look(budget({ spent: 9_999_000, refused: 3 }));
    await look(budget({ spent: 9_999_000 }, 50_000_000));
    expect(told()).toEqual(['budget-spent, over', 'budget-nearly-spent, over']);
  });

  it('of authors is told once for all of them', async () => {
    await look(budget({ authorsStopped: 1 }));
    await look(budget({ authorsStopped: 7 }));
    expect(told()).toEqual(['author-budget-spent']);
  });

  it('that nobody may spend is no warning before anything is spent', async () => {
    await look(budget({ refused: 5 }, 0));
    expect(told()).toEqual(['budget-spent']);
  });

  it('leaves what is told of other things alone', async () => {
    await book.open({ kind: 'backlog-old', subject: 'comments' });
    await look();
    expect(told()).toEqual(['backlog-old']);
  });
});
