import type { IncidentName, Incidents } from '#domain/notifications/incidents.js';
import { type AccountBudget, type Budgets, budgetRules, microsPerDollar } from '#domain/spending/budget.js';

type BudgetIncident = Extract<IncidentName, 'budget-nearly-spent' | 'budget-spent' | 'author-budget-spent'>;

/** When each is told. Spent money only grows within a day, so that none of these comes and goes. */
const happens: Readonly<Record<BudgetIncident, (budget: AccountBudget) => boolean>> = {
  'budget-nearly-spent': ({ account, today }) =>
    today.spent > 0 && today.spent * 100 >= account * budgetRules.warnAtPercent,
  'budget-spent': ({ today }) => today.refused > 0,
  'author-budget-spent': ({ today }) => today.authorsStopped > 0,
};
const names = Object.keys(happens) as BudgetIncident[]; // the keys of a closed record

/**
 * Tells operators how the day's money stands, once for each account and day: what has happened today is open, with the
 * new day, or more money, it is over. Every process may look; none of them counts anything itself.
 */
export class BudgetWatch {
  /** @param settleLost counts what calls of dead processes may have cost */
  constructor(
    private readonly incidents: Pick<Incidents, 'open' | 'close' | 'allOpen'>,
    private readonly budgets: Pick<Budgets, 'noteworthy'>,
    private readonly settleLost: () => Promise<unknown>,
  ) {}

  async look(): Promise<void> {
    await this.settleLost();
    const noteworthy = await this.budgets.noteworthy(budgetRules.warnAtPercent);
    const now = noteworthy.flatMap((budget) =>
      names.filter((kind) => happens[kind](budget)).map((kind) => ({ kind, budget })),
    );
    for (const { kind, budget } of now) {
      await this.incidents.open({ kind, subject: budget.accountId, detail: detailOf(kind, budget) });
    }
    for (const { kind, subject } of await this.incidents.allOpen()) {
      const ours = names.some((name) => name === kind);
      const still = now.some((one) => one.kind === kind && one.budget.accountId === subject);
      if (ours && !still) await this.incidents.close(kind, subject);
    }
  }
}

function detailOf(kind: BudgetIncident, { account, author, today }: AccountBudget): Record<string, string | number> {
  const { day, spent, authorsStopped } = today;
  if (kind === 'author-budget-spent') {
    return { day, authors: authorsStopped, 'budget of one, dollars': author / microsPerDollar };
  }
  return { day, 'spent, dollars': spent / microsPerDollar, 'budget, dollars': account / microsPerDollar };
}
