import type { Turns } from '#domain/work/turns.js';
import type { FillVectors } from '#use-cases/knowledge/fill-vectors.js';
import type { IndexDocuments } from '#use-cases/knowledge/index-documents.js';
import { inTurn } from './in-turn.js';
import type { Schedule } from './schedules.js';

/** What somebody waits for who has just uploaded a file. */
const askEveryMs = 1_000;
/** A slice of seconds and a call to the model fit into it: who dies with the turn costs this much. */
const turnMs = 60_000;

/**
 * Documents and vectors on a clock, apart from the lanes of comments: one document at a time in each worker, however
 * many were uploaded, and one worker that fills in vectors.
 */
export class KnowledgeCare {
  constructor(
    private readonly indexDocuments: IndexDocuments,
    private readonly fillVectors: FillVectors,
    private readonly turns: Turns,
  ) {}

  schedules(): readonly Schedule[] {
    return [
      {
        name: 'documents',
        everyMs: askEveryMs,
        run: async () => ((await this.indexDocuments.execute()) ? 0 : undefined),
      },
      { name: 'vectors', everyMs: askEveryMs, run: async () => await this.fill() },
    ];
  }

  private async fill(): Promise<number | undefined> {
    let againInMs: number | undefined;
    const times = { name: 'vectors', forMs: turnMs, afterFailureMs: 10_000 };
    await inTurn(this.turns, times, async () => (againInMs = await this.fillVectors.execute()));
    return againInMs === 0 ? 0 : undefined;
  }
}
