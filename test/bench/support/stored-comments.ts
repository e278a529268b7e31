import { bakeryAccount } from '../../../apps/sandbox/src/bakery/account.js';
import { bakeryDocuments } from '../../../apps/sandbox/src/bakery/documents.js';
import { bakeryMedia } from '../../../apps/sandbox/src/bakery/media.js';
import { until } from '../../support/until.js';
import { idsOfWave } from './deliveries.js';
import type { Running } from './product.js';
import type { Database, Servers } from './servers.js';

type Queried = Pick<Database | Servers, 'query'>;

/** Comments of a wave as the api stores them, due at once: each by another author, in a thread and with a text of its own. */
export async function storeComments({ query }: Queried, wave: number, count: number): Promise<void> {
  await query(
    `WITH stored AS (
       INSERT INTO comments (id, account_id, media_id, author_id, username, text, media_kind, delivery_id, trace_id, stage, due_at)
       SELECT $1 || lpad(n::text, 11, '0'), $2, $3, 'author-' || $1 || n, 'guest.' || n,
              'Do you deliver in the city to house ' || $1 || n || '?', 'FEED', 1, 'bench', 'received', now()
         FROM generate_series(1, $4::integer) AS n
       RETURNING id)
     INSERT INTO decisions (comment_id, step, reason) SELECT id, 'receive', 'received' FROM stored`,
    [idsOfWave(wave), bakeryAccount.id, bakeryMedia[0]?.id, count],
  );
}

/** How a wave went, by what the rows say about themselves. */
export interface WaveEnd {
  /** From the first verdict to the last end. */
  readonly seconds: number;
  readonly perSecond: number;
  /** Rows of the ledger per comment: says whether two ways write the same. */
  readonly decisions: number;
  readonly outcomes: string;
}

/** Waits until a wave is final. @param progress hears how many are */
export async function waveEnd(
  { query }: Queried,
  wave: number,
  count: number,
  progress: (finished: number) => void,
): Promise<WaveEnd> {
  const within = [idsOfWave(wave), idsOfWave(wave + 1)];
  let [finished, moved] = [-1, performance.now()];
  await until(`${count} comments to be final`, endWithinMs, async () => {
    const [row] = await query<{ n: number }>(
      `SELECT count(*)::int AS n FROM comments WHERE finished_at IS NOT NULL AND id >= $1 AND id < $2`,
      within,
    );
    const now = row?.n ?? 0;
    if (now !== finished) [finished, moved] = [now, performance.now()];
    if (performance.now() - moved > standstillMs)
      throw new Error(`for ${standstillMs / 1_000} s none of ${count} comments became final; ${now} were before`);
    progress(now);
    return now >= count;
  });
  const [row] = await query<{ seconds: number; decisions: number; outcomes: string }>(
    `SELECT extract(epoch FROM (SELECT max(finished_at) FROM comments WHERE id >= $1 AND id < $2)
              - min(at) FILTER (WHERE step = 'classify'))::float8 AS seconds,
            count(*)::float8 / $3 AS decisions,
            (SELECT string_agg(outcome || ' ' || n, ', ') FROM (
               SELECT outcome, count(*) AS n FROM comments WHERE id >= $1 AND id < $2 GROUP BY outcome) AS ends) AS outcomes
       FROM decisions WHERE comment_id >= $1 AND comment_id < $2`,
    [...within, count],
  );
  const seconds = row?.seconds ?? Number.NaN;
  return { seconds, perSecond: count / seconds, decisions: row?.decisions ?? 0, outcomes: row?.outcomes ?? '' };
}

const endWithinMs = 3_600_000;
/** Leases and waits between tries are shorter: whoever does nothing for so long does nothing any more. */
const standstillMs = 150_000;

/** Gives the brand its documents by the admin API, as an operator would. */
export async function teach(api: Running): Promise<void> {
  for (const document of bakeryDocuments) {
    const answer = await fetch(`http://127.0.0.1:${api.port}/api/v1/knowledge/documents`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: document.title, text: document.text }),
    });
    if (!answer.ok) throw new Error(`the api took no document: ${answer.status} ${await answer.text()}`);
  }
}

/** Columns and shares as years of use leave them: all finished, three decisions each, one in five answered. */
const fillings: readonly (readonly [string, string])[] = [
  [
    'comments',
    `INSERT INTO comments (id, account_id, media_id, author_id, username, text, media_kind, delivery_id, trace_id,
            received_at, stage, class, confidence, verdict_reason, language, model, prompt_version, classified_at,
            outcome, finished_at, epoch)
     SELECT '17' || lpad((n * 7919)::text, 15, '0'), $1, '1790000' || n % 5000, '5' || (n * 31) % 1000003, 'guest.' || n % 1000003,
            repeat('How much is the honey cake, and do you deliver it? ', 1 + (n % 4)::integer), 'FEED', n / 10, 'trace-' || n,
            moment, 'done', 'question', 93, 'Asks for a price.', 'en', 'gpt-6-luna', 'classify-comment@1', moment,
            CASE n % 5 WHEN 0 THEN 'answered' WHEN 1 THEN 'waiting' ELSE 'left-alone' END, moment, 1
       FROM generate_series(1, $2::bigint) AS n, LATERAL (SELECT now() - ($2 - n) * interval '3 seconds' AS moment) AS at`,
  ],
  [
    'deliveries',
    `INSERT INTO deliveries (platform, received_at, trace_id, body, comments, "foreign", quarantined)
     SELECT 'instagram', now() - ($2 - n) * interval '3 seconds', $1 || n, convert_to(repeat(md5(n::text), 60), 'UTF8'), 10, 0, 0
       FROM generate_series(1, $2::bigint / 10) AS n`,
  ],
  [
    'decisions',
    `INSERT INTO decisions (comment_id, at, step, reason, detail)
     SELECT '17' || lpad((n * 7919)::text, 15, '0'), now() - ($2 - n) * interval '3 seconds', step, reason, jsonb_build_object('account', $1::text)
       FROM generate_series(1, $2::bigint) AS n,
            (VALUES ('receive', 'received'), ('classify', 'classified'), ('triage', 'left-alone')) AS of(step, reason)`,
  ],
  [
    'replies',
    `INSERT INTO replies (comment_id, account_id, intent, state, text, attempt, platform_reply_id, sent_at, created_at, epoch)
     SELECT '17' || lpad((n * 7919)::text, 15, '0'), $1, 'auto', 'sent', 'The honey cake costs 1900 a kilogram.', 1,
            '18' || lpad((n * 7919)::text, 15, '0'), now(), now(), 3
       FROM generate_series(5, $2::bigint, 5) AS n`,
  ],
];

/** As if so many comments had been received and finished before. Needs about 1 GB of disk for each million. */
export async function fillWithComments(
  { query }: Queried,
  count: number,
  progress: (text: string) => void,
): Promise<void> {
  for (const [table, statement] of fillings) {
    progress(`filling ${table} for ${count} comments`);
    await query(statement, [bakeryAccount.id, count]);
  }
  progress('VACUUM ANALYZE');
  await query('VACUUM ANALYZE');
}
