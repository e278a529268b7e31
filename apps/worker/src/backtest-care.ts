import { backtestRules } from '#domain/evaluation/backtest.js';
import type { Backtests } from '#domain/evaluation/backtests.js';
import type { RunBacktests } from '#use-cases/evaluation/run-backtests.js';
import type { Schedule } from './schedules.js';

/** Backtests on a clock: rows are claimed one at a time, so that any number of workers may look for them. */
export class BacktestCare {
  constructor(
    private readonly run: RunBacktests,
    private readonly backtests: Backtests,
  ) {}

  schedules(): readonly Schedule[] {
    return [
      {
        name: 'backtests',
        everyMs: 3_000, // what somebody waits for who has just asked for one
        run: async () => ((await this.run.execute()) ? 0 : undefined),
      },
      {
        name: 'forget-backtests',
        everyMs: 3_600_000, // old reports are in nobody's way
        run: async () => ((await this.backtests.forget(backtestRules.keptDays)) > 0 ? 1_000 : undefined),
      },
    ];
  }
}
