import { setTimeout as wait } from 'node:timers/promises';
import { bakeryAccount } from '../../../apps/sandbox/src/bakery/account.js';
import type { Embedder, EmbeddingModel } from '#domain/knowledge/embedder.js';
import type { Knowledge } from '#domain/knowledge/knowledge.js';
import { AccountId } from '#domain/shared/ids.js';
import { QuestionPoints } from '#infrastructure/cache/question-points.js';
import { dataSource } from '#infrastructure/postgres/data-source.js';
import { Database } from '#infrastructure/postgres/database.js';
import { PostgresKnowledge } from '#infrastructure/postgres/knowledge.js';
import { NearIndexes } from '#infrastructure/postgres/near-indexes.js';
import { byVectors, nearIndexName, type VectorSearch } from '#infrastructure/postgres/search-statement.js';
import { type AskedAbout, fillKnowledge } from '../support/large-knowledge.js';
import { inTurn, metered } from '../support/meter.js';
import { knowAccount } from '../support/product.js';
import { compared, figure, type Bench, type Figure, type Scenario } from '../support/scenario.js';
import { benchName, type Database as BenchDatabase } from '../support/servers.js';
import { median, percentile } from '../support/statistics.js';

const account = AccountId.parse(bakeryAccount.id);
const model: EmbeddingModel = { name: 'text-embedding-3-small', dimensions: 1_536 };
/** Those that are measured, after as many others: what a search needs is in memory by then, as in a server that runs. */
const questionCount = 150;
/** Comparing all vectors takes long and always the same. */
const exactQuestions = 40;
/** What answers are written from, less one. */
const firstOnes = 5;
/** Searches that come closely one after the other gather, to share a statement; these are alone. */
const apartMs = 25;

interface Searched {
  readonly ms: readonly number[];
  /** Milliseconds of PostgreSQL's processor time per search: what else this machine does hardly changes it. */
  readonly cpu: number;
  readonly found: readonly (readonly string[])[];
}

/** One size: an account with so many passages in a database of its own. */
class Size {
  private readonly measured: readonly AskedAbout[];
  private readonly others: readonly AskedAbout[];

  private constructor(
    private readonly store: BenchDatabase,
    private readonly database: Database,
    readonly passages: number,
    private readonly questions: readonly AskedAbout[],
  ) {
    // Of each part of the knowledge as many.
    this.measured = questions.filter((_, index) => index % 2 === 0);
    this.others = questions.filter((_, index) => index % 2 === 1);
  }

  static async fill(bench: Bench, passages: number): Promise<Size> {
    const store = await bench.servers.addDatabase(`with_${passages}`);
    await knowAccount(store);
    const questions = await fillKnowledge(
      store,
      { account, model, passages, questions: 2 * questionCount },
      bench.progress,
    );
    const database = new Database(await dataSource(store.url, benchName).initialize());
    return new Size(store, database, passages, questions);
  }

  /** @returns seconds */
  async buildIndex(): Promise<number> {
    const began = performance.now();
    const { built } = await new NearIndexes(this.database, this.store.url).keep();
    if (built.length === 0) throw new Error('no index was built');
    return (performance.now() - began) / 1_000;
  }

  /** Its part of a search alone, over the product's own prepared connections. */
  async nearest(by: VectorSearch['by'], count = questionCount): Promise<Searched> {
    const statement = `
      SELECT found.id FROM unnest($1::text[], $2::halfvec[]) WITH ORDINALITY AS asked(account_id, point, search)
       CROSS JOIN LATERAL (${byVectors({ model, by }, '-1')}) AS found ORDER BY search, found.place`;
    return await this.each(async ({ point }) => {
      const rows = await this.database.prepared<{ id: string }>(statement, [[account], [point]]);
      return rows.map(({ id }) => id);
    }, count);
  }

  async search(knowledge: Knowledge, count = questionCount): Promise<Searched> {
    return await this.each(
      async ({ text }) => (await knowledge.search(account, text, firstOnes + 1)).map(({ id }) => id as string), // compared with text
      count,
    );
  }

  /** As in the product; a question's vector is there without a call. */
  hybrid(): Knowledge {
    const known = new Map(this.questions.map(({ text, vector }) => [text, vector]));
    const embedder: Embedder = {
      model,
      embed: async (_account, [text = '']) => await Promise.resolve([unit(known.get(text) ?? [])]),
    };
    return new PostgresKnowledge(
      this.database,
      new QuestionPoints(embedder, { active: async () => await Promise.resolve(model) }),
    );
  }

  words(): Knowledge {
    return new PostgresKnowledge(this.database);
  }

  /** Share of the questions whose own passage is among the first five. */
  answered({ found }: Searched): number {
    const hits = this.measured.filter(({ passageId }, index) => found[index]?.slice(0, firstOnes).includes(passageId));
    return hits.length / this.measured.length;
  }

  async megabytes(): Promise<Readonly<Record<'index' | 'vectors' | 'words', number>>> {
    const [row] = await this.store.query<Record<'index' | 'vectors' | 'words', number>>(
      `SELECT (pg_relation_size(to_regclass($1)) / 1e6)::float8 AS index, (pg_relation_size('passage_vectors') / 1e6)::float8 AS vectors,
              (pg_relation_size('passages_search') / 1e6)::float8 AS words`,
      [nearIndexName(model)],
    );
    return row ?? { index: 0, vectors: 0, words: 0 };
  }

  async close(): Promise<void> {
    await this.database.close();
  }

  private async each(ask: (question: AskedAbout) => Promise<readonly string[]>, count: number): Promise<Searched> {
    for (const question of this.others.slice(0, count)) await ask(question);
    const [ms, found]: [number[], (readonly string[])[]] = [[], []];
    const { cpu } = await metered({ postgres: this.store.postgresPid }, async () => {
      for (const question of this.measured.slice(0, count)) {
        await wait(apartMs);
        const began = performance.now();
        found.push(await ask(question));
        ms.push(performance.now() - began);
      }
    });
    return { ms, found, cpu: cpu.postgres / 1_000 / ms.length };
  }
}

export const scenario: Scenario = {
  name: 'knowledge-search',
  question:
    'Searching a large knowledge by words and meaning: how fast, and does the index find what comparing all vectors finds?',
  minutes: 12,
  usual: false,
  run: async (bench) => {
    const figures: Figure[] = [];
    for (const [passages, limits] of [
      [bench.scaled(10_000, 5_000), false],
      [bench.scaled(100_000, 6_000), true],
    ] as const) {
      const size = await Size.fill(bench, passages);
      try {
        figures.push(...(await measured(size, bench, limits)));
      } finally {
        await size.close();
      }
    }
    return figures;
  },
};

async function measured(size: Size, bench: Bench, limits: boolean): Promise<readonly Figure[]> {
  const [before, words] = [size.hybrid(), size.words()];
  const slow = await size.search(before, exactQuestions);
  bench.progress(`building the index over ${size.passages} vectors`);
  const seconds = await size.buildIndex();
  const after = size.hybrid();
  const truth = await size.nearest('all');
  const rounds = await inTurn(
    3,
    {
      exact: async () => await size.nearest('all', exactQuestions),
      index: async () => await size.nearest('index'),
      hybrid: async () => await size.search(after),
      words: async () => await size.search(words),
    },
    bench.progress,
  );
  const [near, both, said] = [last(rounds.index), last(rounds.hybrid), last(rounds.words)];
  const of = (searched: readonly Searched[], share: number): number =>
    median(searched.map(({ ms }) => percentile(Float64Array.from(ms).toSorted(), share)));
  const cpu = (searched: readonly Searched[]): number => median(searched.map((one) => one.cpu));
  const name = (what: string): string => `${size.passages} passages: ${what}`;
  const { index, vectors, words: gin } = await size.megabytes();
  return [
    figure(name('recall@5 of the index'), recall(truth, near), 'of 1', limits ? { atLeast: 0.99 } : undefined),
    compared(name('vectors, p50'), of(rounds.index, 0.5), 'ms', { baseline: of(rounds.exact, 0.5) }),
    compared(name('vectors, p95'), of(rounds.index, 0.95), 'ms', { baseline: of(rounds.exact, 0.95) }),
    ...(limits ? [figure(name('vectors, p95'), of(rounds.index, 0.95), 'ms', { atMost: 5 })] : []),
    compared(name('whole search, p50'), of(rounds.hybrid, 0.5), 'ms', { baseline: of([slow], 0.5) }),
    compared(name('whole search, p95'), of(rounds.hybrid, 0.95), 'ms', { baseline: of([slow], 0.95) }),
    ...(limits ? [figure(name('whole search, p95'), of(rounds.hybrid, 0.95), 'ms', { atMost: 25 })] : []),
    compared(name('vectors, processor time of PostgreSQL'), cpu(rounds.index), 'ms', { baseline: cpu(rounds.exact) }),
    compared(name('whole search, processor time of PostgreSQL'), cpu(rounds.hybrid), 'ms', { baseline: slow.cpu }),
    figure(name('words alone, processor time of PostgreSQL'), cpu(rounds.words), 'ms'),
    figure(name('words alone, p50'), of(rounds.words, 0.5), 'ms'),
    figure(name('words alone, p95'), of(rounds.words, 0.95), 'ms'),
    figure(name('own passage among five: whole search'), size.answered(both), 'of 1'),
    figure(name('own passage among five: vectors compared'), size.answered(truth), 'of 1'),
    figure(name('own passage among five: words alone'), size.answered(said), 'of 1'),
    figure(name('building the index'), seconds, 's'),
    figure(name('the index'), index, 'MB'),
    figure(name('the vectors'), vectors, 'MB'),
    figure(name('the index of words'), gin, 'MB'),
  ];
}

/** Of the five that are nearest, the share that is found. */
function recall(truth: Searched, { found }: Searched): number {
  const shares = truth.found.map((ids, index) => {
    const nearest = ids.slice(0, firstOnes);
    const hits = new Set(found[index]?.slice(0, firstOnes));
    return nearest.filter((id) => hits.has(id)).length / nearest.length;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function last(rounds: readonly Searched[]): Searched {
  const found = rounds.at(-1);
  if (!found) throw new Error('nothing was searched');
  return found;
}

function unit(vector: readonly number[]): readonly number[] {
  const length = Math.hypot(...vector);
  return vector.map((part) => part / length);
}
