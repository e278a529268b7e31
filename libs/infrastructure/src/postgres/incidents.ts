import {
  incidentKinds,
  type Incident,
  type IncidentName,
  type Incidents,
  type NewIncident,
} from '#domain/notifications/incidents.js';
import type { Database } from './database.js';
import { IncidentRow } from './entities/incident.entity.js';
import { listed } from './reading.js';

const names = Object.keys(incidentKinds) as IncidentName[]; // the keys of a closed record

export class PostgresIncidents implements Incidents {
  constructor(private readonly database: Database) {}

  async open({ kind, subject, detail = {} }: NewIncident): Promise<void> {
    await this.database.query(
      `WITH opened AS (
         INSERT INTO incidents (kind, subject, detail) VALUES ($1, $2, $3::jsonb)
         ON CONFLICT (kind, subject) WHERE closed_at IS NULL DO NOTHING
         RETURNING id)
       SELECT id FROM opened`,
      [kind, subject, JSON.stringify(detail)],
    );
  }

  async close(kind: IncidentName, subject: string): Promise<void> {
    await this.database.query(
      `WITH closed AS (
         UPDATE incidents SET closed_at = now() WHERE kind = $1 AND subject = $2 AND closed_at IS NULL RETURNING id)
       SELECT id FROM closed`,
      [kind, subject],
    );
  }

  async list(limit: number): Promise<readonly Incident[]> {
    const rows = await this.database.many(IncidentRow, { order: { id: 'DESC' }, take: limit });
    return rows.map(({ id, kind, subject, detail, openedAt, closedAt }) => ({
      id,
      kind: listed(names, kind),
      subject,
      detail,
      openedAt,
      closedAt: closedAt ?? undefined,
    }));
  }
}
