import { beforeEach, describe, expect, it } from 'vitest';
import type { IncidentNotice, IncidentTelling } from '#domain/notifications/incident-telling.js';
import type { Incidents, NewIncident } from '#domain/notifications/incidents.js';

export interface Book {
  readonly incidents: Incidents & IncidentTelling;
  /** Lets so much time pass for the book. */
  readonly pass: (ms: number) => Promise<void>;
}

const leaseMs = 30_000;
const away: NewIncident = { kind: 'upstream-away', subject: 'vendor', detail: { call: 'vendor send' } };
const other: NewIncident = { kind: 'queue-away', subject: 'queue' };

/** What the book of incidents promises, wherever it is kept. */
export function incidentsContract(make: () => Promise<Book>): void {
  let incidents: Incidents & IncidentTelling;
  let pass: Book['pass'];
  beforeEach(async () => {
    ({ incidents, pass } = await make());
  });

  /** As the schedule does: a moment later, take what is due. */
  async function due(): Promise<readonly IncidentNotice[]> {
    await pass(4_000);
    return await incidents.claim(20, leaseMs);
  }
  async function tell(): Promise<readonly string[]> {
    const notices = await due();
    await incidents.recordTold(notices);
    return notices.map(({ incident, stage }) => `${incident.kind} ${stage}`);
  }

  describe('an incident', () => {
    it('is one however often it is opened, and told once when it begins and once when it is over', async () => {
      await Promise.all([1, 2, 3].map(async () => await incidents.open(away)));
      expect(await tell()).toEqual(['upstream-away began']);
      await incidents.open(away);
      expect(await tell()).toEqual([]);
      await incidents.close('upstream-away', 'vendor');
      await incidents.close('upstream-away', 'vendor');
      expect(await tell()).toEqual(['upstream-away over']);
      expect(await tell()).toEqual([]);
      await incidents.open(away);
      expect(await tell()).toEqual(['upstream-away began']);
    });

    it('that is seen again tells the newest figures, also when it is over', async () => {
      await incidents.open({ ...away, detail: { call: 'vendor send', waiting: 3 } });
      await pass(4_000);
      await incidents.open({ ...away, detail: { waiting: 140 } });
      const detail = { call: 'vendor send', waiting: 140 };
      expect(await incidents.allOpen()).toMatchObject([{ detail }]);
      await tell();
      await incidents.close('upstream-away', 'vendor');
      expect(await due()).toMatchObject([{ stage: 'over', incident: { detail } }]);
    });

    it('that was over before anybody was told is told in one word', async () => {
      await incidents.open(away);
      await incidents.close('upstream-away', 'vendor');
      expect(await tell()).toEqual(['upstream-away was']);
      expect(await tell()).toEqual([]);
    });

    it('that ends while its beginning is being told is told as over afterwards', async () => {
      await incidents.open(away);
      const notices = await due();
      await incidents.close('upstream-away', 'vendor');
      expect(await due()).toEqual([]);
      await incidents.recordTold(notices);
      expect(await tell()).toEqual(['upstream-away over']);
    });

    it('stays open while somebody sees it: what flaps is one incident', async () => {
      await incidents.open(away);
      await pass(50_000);
      await incidents.open(away);
      await pass(30_000);
      await incidents.close('upstream-away', 'vendor', 60_000);
      expect(await incidents.allOpen()).toHaveLength(1);
      await pass(31_000);
      await incidents.close('upstream-away', 'vendor', 60_000);
      expect(await incidents.allOpen()).toEqual([]);
    });

    it('is listed while it is open before all that are over, with what is known of it', async () => {
      await incidents.open(other);
      await incidents.open(away);
      await incidents.close('upstream-away', 'vendor');
      const [first, second, ...rest] = await incidents.list(10);
      expect([first, second, rest]).toMatchObject([{ kind: 'queue-away', closedAt: undefined }, away, []]);
      expect(await incidents.list(1)).toHaveLength(1);
    });
  });

  describe('telling', () => {
    it('takes several in one message, oldest first, and is silent for a moment afterwards', async () => {
      await incidents.open(away);
      await incidents.open(other);
      expect(await tell()).toEqual(['upstream-away began', 'queue-away began']);
      await incidents.close('queue-away', 'queue');
      expect(await incidents.claim(20, leaseMs)).toEqual([]);
      expect(await tell()).toEqual(['queue-away over']);
    });

    it('is done by one at a time, and by another when the first one died; who comes too late changes nothing', async () => {
      await incidents.open(away);
      const first = await due();
      expect(await due()).toEqual([]);
      await pass(leaseMs);
      const second = await due();
      expect(second).toMatchObject([{ stage: 'began', maybeRepeated: true }]);
      await incidents.recordNotTold(first, 0, false);
      expect(await due()).toEqual([]);
      await incidents.recordTold(second);
      expect(await due()).toEqual([]);
    });

    it('waits when the channel is away, and says that it may be known only when it may be', async () => {
      await incidents.open(away);
      await incidents.recordNotTold(await due(), 60_000, false);
      expect(await due()).toEqual([]);
      await pass(60_000);
      const again = await due();
      expect(again).toMatchObject([{ maybeRepeated: false }]);
      await incidents.recordNotTold(again, 0, true);
      const third = await due();
      expect(third).toMatchObject([{ maybeRepeated: true }]);
      await incidents.recordNotTold(third, 0, false); // the doubt about the second try stays
      expect(await due()).toMatchObject([{ maybeRepeated: true }]);
    });

    it('of what was told past the book is continued with its end', async () => {
      await incidents.recordToldDirectly({ kind: 'database-away', subject: 'database' }, new Date(0));
      expect(await tell()).toEqual(['database-away over']);
      expect(await incidents.allOpen()).toEqual([]);
    });
  });
}
