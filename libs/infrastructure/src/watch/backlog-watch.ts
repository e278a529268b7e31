import type { Incident, Incidents } from '#domain/notifications/incidents.js';
import type { Clock } from '#domain/shared/clock.js';
import { modelVendor, vendorOf } from '../resilience/vendor-events.js';
import type { WorkOverview } from '../postgres/work-overview.js';

/** A comment is read within seconds; after a quarter of an hour people who wrote it have gone. */
const oldMs = 15 * 60_000;
/** So that a backlog around the limit is not told again and again. */
const goodAgainMs = 5 * 60_000;
/** What an outage has left may take so long to be caught up with; who was told of the outage knows. */
const caughtUpWithinMs = 30 * 60_000;
const looksBack = 50;
const about = { kind: 'backlog-old', subject: 'comments' } as const;

/**
 * Whether comments wait too long until somebody has understood them. One outage is one message: where people have been told
 * why comments wait, nobody is told besides that they do.
 */
export class BacklogWatch {
  constructor(
    private readonly incidents: Pick<Incidents, 'open' | 'close' | 'list'>,
    private readonly overview: () => Promise<WorkOverview | undefined>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async look(): Promise<void> {
    const work = await this.overview();
    if (work === undefined) return;
    const minutes = Math.floor(work.oldestUndecidedMs / 60_000);
    const detail = { 'oldest, minutes': minutes, comments: work.underWay['received'] ?? 0 };
    if (work.oldestUndecidedMs >= oldMs) {
      if (!(await this.#isExplained())) await this.incidents.open({ ...about, detail });
    } else if (work.oldestUndecidedMs < goodAgainMs) {
      await this.incidents.close(about.kind, about.subject);
    }
  }

  async #isExplained(): Promise<boolean> {
    const since = this.clock.now().getTime() - caughtUpWithinMs;
    const recent = await this.incidents.list(looksBack);
    return recent.some((incident) => explains(incident) && (incident.closedAt?.getTime() ?? since + 1) > since);
  }
}

function explains({ kind, subject }: Incident): boolean {
  if (kind === 'database-away' || kind === 'queue-away' || kind === 'quota-used-up') return true;
  return (kind === 'upstream-away' || kind === 'access-refused') && vendorOf(subject) === modelVendor;
}
