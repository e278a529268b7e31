import type { Logger } from 'pino';
import { SweepFiles } from '#use-cases/knowledge/sweep-files.js';
import type { Turns } from '#domain/work/turns.js';
import { inTurn } from './in-turn.js';
import type { Schedule } from './schedules.js';

/** What lies around costs little: it lies there for a day anyway. */
const everyMs = 6 * 3_600_000;
const turn = { name: 'sweep-files', forMs: 3_600_000, afterFailureMs: 600_000 };

/** Stored files that no document owns are removed: one worker at a time looks for all. */
export class FileCare {
  constructor(
    private readonly turns: Turns,
    private readonly sweepFiles: SweepFiles,
    private readonly logger: Logger,
  ) {}

  schedules(): readonly Schedule[] {
    return [
      {
        name: 'sweep-files',
        everyMs: 600_000, // a look at whose turn it is
        run: async () =>
          await inTurn(this.turns, turn, async () => {
            const removed = await this.sweepFiles.execute();
            if (removed > 0) this.logger.info({ removed }, 'Files that no document owns were removed.');
            return everyMs;
          }),
      },
    ];
  }
}
