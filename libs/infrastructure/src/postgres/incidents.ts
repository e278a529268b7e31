import {
  incidentKinds,
  type Incident,
  type IncidentName,
  type Incidents,
  type NewIncident,
} from '#domain/notifications/incidents.js';
import type { IncidentNotice, IncidentTelling } from '#domain/notifications/incident-telling.js';
import type { Database } from './database.js';
import { listed } from './reading.js';

const names = Object.keys(incidentKinds) as IncidentName[]; // the keys of a closed record

/** With so much between two messages a group's twenty a minute are kept, however many processes tell. */
const betweenMessagesMs = 3_000;
/** Every failure may say that it is still there; writing that down more often says nothing more. */
const betweenSightingsMs = 2_000;

interface IncidentRecord {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly detail: Record<string, string | number>;
  readonly opened_at: Date;
  readonly closed_at: Date | null;
}

interface ClaimedRecord extends IncidentRecord {
  readonly told: boolean;
  readonly maybe_repeated: boolean;
  readonly tell_epoch: number;
}

const columns = 'id, kind, subject, detail, opened_at, closed_at';

/** The book of incidents, which is its own outbox of what is still to be told. */
export class PostgresIncidents implements Incidents, IncidentTelling {
  constructor(private readonly database: Database) {}

  async open({ kind, subject, detail = {} }: NewIncident): Promise<void> {
    await this.database.query(
      `WITH opened AS (
         INSERT INTO incidents (kind, subject, detail) VALUES ($1, $2, $3::jsonb)
         ON CONFLICT (kind, subject) WHERE closed_at IS NULL DO UPDATE SET seen_at = now(), detail = incidents.detail || excluded.detail
          WHERE incidents.seen_at < now() - $4 * interval '1 millisecond'
         RETURNING id)
       SELECT id FROM opened`,
      [kind, subject, JSON.stringify(detail), betweenSightingsMs],
    );
  }

  async close(kind: IncidentName, subject: string, unseenForMs = 0): Promise<void> {
    // One that nobody was told of yet is told when its turn comes, as over; a lease on it stays untouched.
    await this.database.query(
      `WITH closed AS (
         UPDATE incidents SET closed_at = now(), tell_at = CASE WHEN told_at IS NULL THEN tell_at ELSE now() END
          WHERE kind = $1 AND subject = $2 AND closed_at IS NULL
            AND seen_at <= now() - $3 * interval '1 millisecond'
         RETURNING id)
       SELECT id FROM closed`,
      [kind, subject, unseenForMs],
    );
  }

  async list(limit: number): Promise<readonly Incident[]> {
    const rows = await this.database.query<IncidentRecord>(
      `SELECT ${columns} FROM incidents ORDER BY closed_at IS NOT NULL, id DESC LIMIT $1`,
      [limit],
    );
    return rows.map(toIncident);
  }

  async allOpen(): Promise<readonly Incident[]> {
    const rows = await this.database.query<IncidentRecord>(
      `SELECT ${columns} FROM incidents WHERE closed_at IS NULL ORDER BY id DESC`,
    );
    return rows.map(toIncident);
  }

  async claim(limit: number, forMs: number): Promise<readonly IncidentNotice[]> {
    const rows = await this.database.query<ClaimedRecord>(
      `WITH due AS (
         SELECT id, maybe_seen FROM incidents
          WHERE tell_at <= now() AND NOT EXISTS (
            SELECT 1 FROM incidents AS other
             WHERE greatest(other.told_at, other.over_told_at) > now() - $3 * interval '1 millisecond')
          ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
       ), claimed AS (
         UPDATE incidents SET tell_at = now() + $2 * interval '1 millisecond', maybe_seen = true,
                tell_epoch = tell_epoch + 1
           FROM due WHERE incidents.id = due.id
         RETURNING incidents.*, due.maybe_seen AS maybe_repeated)
       SELECT ${columns}, told_at IS NOT NULL AS told, maybe_repeated, tell_epoch FROM claimed ORDER BY id`,
      [limit, forMs, betweenMessagesMs],
    );
    return rows.map((row) => ({
      incident: toIncident(row),
      stage: row.told ? 'over' : row.closed_at === null ? 'began' : 'was',
      maybeRepeated: row.maybe_repeated,
      epoch: row.tell_epoch,
    }));
  }

  async recordTold(notices: readonly IncidentNotice[]): Promise<void> {
    await this.database.query(
      `WITH told AS (
         UPDATE incidents
            SET told_at = coalesce(told_at, now()), maybe_seen = false,
                over_told_at = CASE WHEN said.stage <> 'began' THEN now() END,
                tell_at = CASE WHEN said.stage = 'began' AND closed_at IS NOT NULL THEN now() END
           FROM (${said}) AS said
          WHERE incidents.id = said.id AND tell_epoch = said.epoch
         RETURNING incidents.id)
       SELECT id FROM told`,
      parametersOf(notices),
    );
  }

  async recordNotTold(notices: readonly IncidentNotice[], afterMs: number, maybeSeen: boolean): Promise<void> {
    await this.database.query(
      `WITH waiting AS (
         UPDATE incidents SET tell_at = now() + $5 * interval '1 millisecond', maybe_seen = said.doubted OR $6
           FROM (${said}) AS said
          WHERE incidents.id = said.id AND tell_epoch = said.epoch
         RETURNING incidents.id)
       SELECT id FROM waiting`,
      [...parametersOf(notices), Math.round(afterMs), maybeSeen],
    );
  }

  async recordToldDirectly({ kind, subject, detail = {} }: NewIncident, openedAt: Date): Promise<void> {
    await this.database.query(
      `WITH noted AS (
         INSERT INTO incidents (kind, subject, detail, opened_at, told_at, closed_at)
         VALUES ($1, $2, $3::jsonb, $4, $4, now()) RETURNING id)
       SELECT id FROM noted`,
      [kind, subject, JSON.stringify(detail), openedAt],
    );
  }
}

const said = `SELECT unnest($1::bigint[]) AS id, unnest($2::integer[]) AS epoch, unnest($3::text[]) AS stage,
                     unnest($4::boolean[]) AS doubted`;

function parametersOf(notices: readonly IncidentNotice[]): unknown[] {
  return [
    notices.map(({ incident }) => incident.id),
    notices.map(({ epoch }) => epoch),
    notices.map(({ stage }) => stage),
    notices.map(({ maybeRepeated }) => maybeRepeated),
  ];
}

function toIncident(row: IncidentRecord): Incident {
  return {
    id: row.id,
    kind: listed(names, row.kind),
    subject: row.subject,
    detail: row.detail,
    openedAt: row.opened_at,
    closedAt: row.closed_at ?? undefined,
  };
}
