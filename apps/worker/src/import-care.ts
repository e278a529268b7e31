import { Imports, importRules } from '#domain/catalogue/imports.js';
import { RunImports } from '#use-cases/catalogue/run-imports.js';
import type { Schedule } from './schedules.js';

/** Files of products on a clock: rows are claimed one at a time, so that any number of workers may look for them. */
export class ImportCare {
  constructor(
    private readonly run: RunImports,
    private readonly imports: Imports,
  ) {}

  schedules(): readonly Schedule[] {
    return [
      {
        name: 'imports',
        everyMs: 2_000, // what somebody waits for who has just sent one
        run: async () => ((await this.run.execute()) ? 0 : undefined),
      },
      {
        name: 'forget-imports',
        everyMs: 3_600_000, // old reports are in nobody's way
        run: async () => ((await this.imports.forget(importRules.keptDays)) > 0 ? 1_000 : undefined),
      },
    ];
  }
}
