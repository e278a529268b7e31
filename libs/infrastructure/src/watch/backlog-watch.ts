import type { Incidents } from '#domain/notifications/incidents.js';
import type { WorkOverview } from '../postgres/work-overview.js';

/** A comment is read within seconds; after a quarter of an hour people who wrote it have gone. */
const oldMs = 15 * 60_000;
/** So that a backlog around the limit is not told again and again. */
const goodAgainMs = 5 * 60_000;
const about = { kind: 'backlog-old', subject: 'comments' } as const;

/** Whether comments wait too long until somebody has understood them. */
export class BacklogWatch {
  constructor(
    private readonly incidents: Pick<Incidents, 'open' | 'close'>,
    private readonly overview: () => Promise<WorkOverview | undefined>,
  ) {}

  async look(): Promise<void> {
    const work = await this.overview();
    if (work === undefined) return;
    const minutes = Math.floor(work.oldestUndecidedMs / 60_000);
    const detail = { 'oldest, minutes': minutes, comments: work.underWay['received'] ?? 0 };
    if (work.oldestUndecidedMs >= oldMs) await this.incidents.open({ ...about, detail });
    else if (work.oldestUndecidedMs < goodAgainMs) await this.incidents.close(about.kind, about.subject);
  }
}
