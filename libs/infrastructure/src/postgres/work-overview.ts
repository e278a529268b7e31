import { jobCatalog, jobFor, type Lane } from '#domain/jobs/job-catalog.js';
import type { Database } from './database.js';
import { refOf } from './leases.js';
import { workTables } from './transition.js';
import type { WorkRef } from '#domain/work/lease.js';

/** Rows of one kind in one state that machines still have to do something about. */
export interface OpenRows {
  readonly kind: WorkRef['kind'];
  readonly state: string;
  readonly lane: Lane | undefined;
  /** All of them, with those that wait for their time or are being worked on. */
  readonly rows: number;
  /** Those that should have been taken by now. */
  readonly due: number;
  /** Of the oldest that should have been taken. */
  readonly oldestDueMs: number;
}

/** How all the work stands, in one snapshot: accepted = ended + under way, at every look. */
export interface WorkOverview {
  readonly accepted: number;
  /** Finished comments by outcome. */
  readonly ended: Readonly<Record<string, number>>;
  /** Unfinished comments by stage. */
  readonly underWay: Readonly<Record<string, number>>;
  /** Of the oldest comment that nobody has understood yet; 0 when there is none. */
  readonly oldestUndecidedMs: number;
  readonly open: readonly OpenRows[];
  readonly repliesSent: number;
  /** Drafts that a person has to decide on. */
  readonly repliesWaiting: number;
  /** What people decided about replies, ever, by action. */
  readonly replyActions: Readonly<Record<string, number>>;
  readonly openIncidents: Readonly<Record<string, number>>;
  /** Sampled hides by what people said of them: open, right, wrong. */
  readonly hideReviews: Readonly<Record<string, number>>;
}

interface Figure {
  readonly what: string;
  readonly name: string;
  readonly figure: number;
  readonly due: number | null;
  readonly oldest_ms: number | null;
  readonly id: string | null;
}

const openRows = Object.entries(workTables).map(
  ([kind, { table, stage }]) => `
    SELECT '${kind}', ${stage}, count(*)::float8, (count(*) FILTER (WHERE due_at <= now()))::float8,
           (extract(epoch FROM now() - min(due_at)) * 1000)::float8, min(id::text)
      FROM ${table} WHERE due_at IS NOT NULL GROUP BY ${stage}`,
);

// One statement is one snapshot. Each part reads a partial index of its own: what is open, or one small column of what
// has ended.
const statement = [
  `SELECT 'ended' AS what, coalesce(outcome, 'unknown') AS name, count(*)::float8 AS figure,
          NULL::float8 AS due, NULL::float8 AS oldest_ms, NULL AS id
     FROM comments WHERE finished_at IS NOT NULL GROUP BY outcome`,
  // Of comments only those are due that nobody has understood yet.
  `SELECT 'under-way', 'received', count(*)::float8, NULL, NULL, NULL FROM comments WHERE due_at IS NOT NULL`,
  `SELECT 'under-way', stage, count(*)::float8, NULL, NULL, NULL
     FROM comments WHERE finished_at IS NULL AND stage <> 'received' GROUP BY stage`,
  `SELECT 'oldest-undecided', '', (extract(epoch FROM now() - min(received_at)) * 1000)::float8, NULL, NULL, NULL
     FROM comments WHERE due_at IS NOT NULL`,
  `SELECT 'replies-sent', '', count(*)::float8, NULL, NULL, NULL FROM replies WHERE platform_reply_id IS NOT NULL`,
  `SELECT 'replies-waiting', '', count(*)::float8, NULL, NULL, NULL FROM replies WHERE state = 'waiting'`,
  // What people press is little.
  `SELECT 'reply-action', action, count(*)::float8, NULL, NULL, NULL FROM reply_actions GROUP BY action`,
  `SELECT 'incident', kind, count(*)::float8, NULL, NULL, NULL FROM incidents WHERE closed_at IS NULL GROUP BY kind`,
  // A few dozen rows a week.
  `SELECT 'hide-review', coalesce(verdict, 'open'), count(*)::float8, NULL, NULL, NULL FROM reviews GROUP BY verdict`,
  ...openRows,
].join(' UNION ALL ');

export class PostgresWorkOverview {
  constructor(private readonly database: Database) {}

  /** @throws AppError 'unavailable' */
  async read(): Promise<WorkOverview> {
    const figures = await this.database.query<Figure>(statement);
    const named = (wanted: string): Record<string, number> =>
      Object.fromEntries(figures.filter(({ what }) => what === wanted).map(({ name, figure }) => [name, figure ?? 0]));
    const ended = named('ended');
    const underWay = named('under-way');
    const all = [...Object.values(ended), ...Object.values(underWay)];
    return {
      accepted: all.reduce((sum, figure) => sum + figure, 0),
      ended,
      underWay,
      oldestUndecidedMs: named('oldest-undecided')[''] ?? 0,
      open: figures.flatMap(toOpenRows),
      repliesSent: named('replies-sent')[''] ?? 0,
      repliesWaiting: named('replies-waiting')[''] ?? 0,
      replyActions: named('reply-action'),
      openIncidents: named('incident'),
      hideReviews: named('hide-review'),
    };
  }
}

function toOpenRows({ what, name, figure, due, oldest_ms: oldestMs, id }: Figure): OpenRows[] {
  if (!isKind(what) || id === null) return [];
  const job = jobFor(refOf(what, id), name);
  const lane = job && jobCatalog[job.name].lane;
  return [{ kind: what, state: name, lane, rows: figure, due: due ?? 0, oldestDueMs: Math.max(0, oldestMs ?? 0) }];
}

function isKind(what: string): what is WorkRef['kind'] {
  return what in workTables;
}
