import { Remembered } from '../cache/remembered.js';
import type { Database } from './database.js';

/** A word that is expected in more of an account's passages says little about any of them, and is not looked for. */
const tooManyPassages = 400;
/** Statistics change slowly. */
const rememberedMs = 600_000;

interface WordShares {
  /** Most common first. */
  readonly words: readonly string[];
  /** Of each, the share of all passages that have it. */
  readonly shares: readonly number[];
}

const none: WordShares = { words: [], shares: [] };

/** Words that stand in many passages, by the server's own statistics. Without any (a small or new database) none is common. */
export class PostgresCommonWords {
  private readonly remembered = new Remembered<'all', WordShares>({
    ask: async () => await this.read(),
    forMs: rememberedMs,
    most: 1,
  });

  constructor(private readonly database: Database) {}

  async all(): Promise<readonly string[]> {
    return ((await this.remembered.get('all')) ?? none).words;
  }

  /** @returns how many from the front of the list are too common to be looked for among so many passages */
  async tooCommonAmong(passages: number): Promise<number> {
    const { shares } = (await this.remembered.get('all')) ?? none;
    const rare = shares.findIndex((share) => share * passages <= tooManyPassages);
    return rare === -1 ? shares.length : rare;
  }

  private async read(): Promise<WordShares> {
    const rows = await this.database.query<{ word: string; share: number }>(
      `SELECT word, share::float8
         FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common(word, share)
        WHERE schemaname = current_schema AND tablename = 'passages' AND attname = 'words' AND word IS NOT NULL
        ORDER BY share DESC, word`,
    );
    return { words: rows.map(({ word }) => word), shares: rows.map(({ share }) => share) };
  }
}
