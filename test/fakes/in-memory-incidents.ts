import type { Incident, IncidentName, Incidents, NewIncident } from '#domain/notifications/incidents.js';

/** The book of incidents in memory, with the same promise: one open incident per kind and subject. */
export class InMemoryIncidents implements Incidents {
  readonly all: Incident[] = [];

  async open(incident: NewIncident): Promise<void> {
    if (this.isOpen(incident.kind, incident.subject)) return await Promise.resolve();
    this.all.unshift({ ...incident, id: String(this.all.length + 1), openedAt: new Date(), closedAt: undefined });
  }

  async close(kind: IncidentName, subject: string): Promise<void> {
    const index = this.all.findIndex((one) => one.kind === kind && one.subject === subject && !one.closedAt);
    const known = this.all[index];
    if (known) this.all[index] = { ...known, closedAt: new Date() };
    await Promise.resolve();
  }

  async list(limit: number): Promise<readonly Incident[]> {
    return await Promise.resolve(this.all.slice(0, limit));
  }

  isOpen(kind: IncidentName, subject: string): boolean {
    return this.all.some((one) => one.kind === kind && one.subject === subject && !one.closedAt);
  }
}
