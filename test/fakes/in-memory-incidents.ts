import type { IncidentNotice, IncidentTelling } from '#domain/notifications/incident-telling.js';
import type { Incident, IncidentName, Incidents, NewIncident } from '#domain/notifications/incidents.js';

const betweenMessagesMs = 3_000;
const betweenSightingsMs = 2_000;

interface Entry {
  incident: Incident;
  seenAt: number;
  tellAt: number | undefined;
  epoch: number;
  maybeSeen: boolean;
  toldAt: number | undefined;
  overToldAt: number | undefined;
}

/** The book of incidents in memory, with the same promise: one open incident per kind and subject, each told once. */
export class InMemoryIncidents implements Incidents, IncidentTelling {
  /** Newest first. */
  readonly #entries: Entry[] = [];

  constructor(private readonly clock: { now(): Date } = { now: () => new Date() }) {}

  get all(): readonly Incident[] {
    return this.#entries.map(({ incident }) => incident);
  }

  async open({ kind, subject, detail = {} }: NewIncident): Promise<void> {
    await Promise.resolve();
    const known = this.#open(kind, subject);
    if (known) {
      if (known.seenAt < this.#now() - betweenSightingsMs) {
        known.incident = { ...known.incident, detail: { ...known.incident.detail, ...detail } };
      }
      known.seenAt = this.#now();
      return;
    }
    this.#add({ kind, subject, detail }, this.clock.now());
  }

  async close(kind: IncidentName, subject: string, unseenForMs = 0): Promise<void> {
    await Promise.resolve();
    const known = this.#open(kind, subject);
    if (!known || known.seenAt > this.#now() - unseenForMs) return;
    known.incident = { ...known.incident, closedAt: this.clock.now() };
    if (known.toldAt !== undefined) known.tellAt = this.#now();
  }

  async list(limit: number): Promise<readonly Incident[]> {
    await Promise.resolve();
    const closed = this.all.filter(({ closedAt }) => closedAt !== undefined);
    return [...(await this.allOpen()), ...closed].slice(0, limit);
  }

  async allOpen(): Promise<readonly Incident[]> {
    return await Promise.resolve(this.all.filter(({ closedAt }) => closedAt === undefined));
  }

  async claim(limit: number, forMs: number): Promise<readonly IncidentNotice[]> {
    await Promise.resolve();
    const now = this.#now();
    const lately = now - betweenMessagesMs;
    if (this.#entries.some((one) => Math.max(one.toldAt ?? 0, one.overToldAt ?? 0) > lately)) return [];
    const due = this.#entries.filter(({ tellAt }) => tellAt !== undefined && tellAt <= now).toReversed();
    return due.slice(0, limit).map((entry) => {
      const maybeRepeated = entry.maybeSeen;
      Object.assign(entry, { epoch: entry.epoch + 1, tellAt: now + forMs, maybeSeen: true });
      const { incident, toldAt, epoch } = entry;
      const stage = toldAt !== undefined ? 'over' : incident.closedAt ? 'was' : 'began';
      return { incident, stage, maybeRepeated, epoch };
    });
  }

  async recordTold(notices: readonly IncidentNotice[]): Promise<void> {
    await Promise.resolve();
    for (const { entry, notice } of this.#claimed(notices)) {
      const more = notice.stage === 'began' && entry.incident.closedAt !== undefined;
      entry.toldAt ??= this.#now();
      entry.overToldAt = notice.stage === 'began' ? undefined : this.#now();
      entry.tellAt = more ? this.#now() : undefined;
      entry.maybeSeen = false;
    }
  }

  async recordNotTold(notices: readonly IncidentNotice[], afterMs: number, maybeSeen: boolean): Promise<void> {
    await Promise.resolve();
    for (const { entry, notice } of this.#claimed(notices)) {
      entry.tellAt = this.#now() + afterMs;
      entry.maybeSeen = notice.maybeRepeated || maybeSeen;
    }
  }

  async recordToldDirectly(incident: NewIncident, openedAt: Date): Promise<void> {
    await Promise.resolve();
    const entry = this.#add(incident, openedAt);
    entry.incident = { ...entry.incident, closedAt: this.clock.now() };
    entry.toldAt = openedAt.getTime();
  }

  isOpen(kind: IncidentName, subject: string): boolean {
    return this.#open(kind, subject) !== undefined;
  }

  #open(kind: IncidentName, subject: string): Entry | undefined {
    return this.#entries.find(
      ({ incident }) => incident.kind === kind && incident.subject === subject && !incident.closedAt,
    );
  }

  #add({ kind, subject, detail = {} }: NewIncident, openedAt: Date): Entry {
    const id = String(this.#entries.length + 1);
    const entry: Entry = {
      incident: { kind, subject, detail, id, openedAt, closedAt: undefined },
      seenAt: this.#now(),
      tellAt: this.#now(),
      epoch: 0,
      maybeSeen: false,
      toldAt: undefined,
      overToldAt: undefined,
    };
    this.#entries.unshift(entry);
    return entry;
  }

  #claimed(notices: readonly IncidentNotice[]): readonly { entry: Entry; notice: IncidentNotice }[] {
    return notices.flatMap((notice) => {
      const entry = this.#entries.find(
        ({ incident, epoch }) => incident.id === notice.incident.id && epoch === notice.epoch,
      );
      return entry ? [{ entry, notice }] : [];
    });
  }

  #now(): number {
    return this.clock.now().getTime();
  }
}
