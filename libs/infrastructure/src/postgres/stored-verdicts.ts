import { verdictIsReusedForMs } from '#domain/comments/alike.js';
import { commentClassNames, type Verdict } from '#domain/comments/verdict.js';
import type { StoredVerdicts } from '../cache/once-per-text.js';
import type { Database } from './database.js';
import { gathered } from './gathering.js';
import type { GroupCommit } from './group-commit.js';
import { listed } from './reading.js';

type VerdictRow = Record<'likeness' | 'class' | 'reason' | 'language' | 'model' | 'prompt', string> & {
  readonly confidence: number;
};

/** Verdicts that may be taken over. */
export class PostgresStoredVerdicts implements StoredVerdicts {
  readonly #asking: GroupCommit<string, Verdict | null>;

  constructor(private readonly database: Database) {
    this.#asking = gathered(async (likenesses) => await this.#findAll(likenesses));
  }

  async find(likeness: string): Promise<Verdict | undefined> {
    return (await this.#asking.add(likeness)) ?? undefined;
  }

  async #findAll(likenesses: readonly string[]): Promise<readonly (Verdict | null)[]> {
    const rows = await this.database.prepared<VerdictRow>(
      `SELECT likeness, class, confidence, verdict_reason AS reason, language, model, prompt_version AS prompt
         FROM comments WHERE likeness = ANY ($1) AND classified_at > now() - $2 * interval '1 millisecond'`,
      [likenesses, verdictIsReusedForMs],
    );
    const found = new Map(rows.map((row) => [row.likeness, toVerdict(row)]));
    return likenesses.map((likeness) => found.get(likeness) ?? null);
  }
}

function toVerdict({ class: name, confidence, reason, language, model, prompt }: VerdictRow): Verdict {
  return { class: listed(commentClassNames, name), confidence, reason, language, model, promptVersion: prompt };
}
