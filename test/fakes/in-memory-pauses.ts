import type { AccountId, MediaId } from '#domain/shared/ids.js';
import { toMs } from '#domain/work/backoff.js';
import {
  coolOffs,
  type NewPause,
  type Pause,
  type PauseReason,
  type Pauses,
  type PauseScope,
} from '#domain/work/pauses.js';

const weekMs = toMs('168h');

/** The pauses in memory: one per scope, id and reason, ended ones remembered for the next of their kind. */
export class InMemoryPauses implements Pauses {
  private all: Pause[] = [];
  /** Writes into the ledger of what waits: the rows are somebody else's. */
  tell: () => void = () => undefined;

  constructor(private readonly clock: { now(): Date }) {}

  async pause(pause: NewPause): Promise<Pause> {
    return await Promise.resolve(this.begin(pause, (times) => ({ until: pause.until, times })));
  }

  async coolOff(account: AccountId, note: string): Promise<void> {
    const now = this.clock.now().getTime();
    this.begin({ scope: 'account', id: account, why: 'blocked', by: 'system', note }, (times, known) => {
      const lasts = toMs(coolOffs[Math.min(times, coolOffs.length) - 1] ?? '24h');
      return { until: known && this.inForce(known) ? known.until : new Date(now + lasts), times };
    });
    await Promise.resolve();
  }

  async resume(scope: PauseScope, id: string, why?: PauseReason): Promise<boolean> {
    const ended = this.all.filter(
      (pause) =>
        pause.scope === scope && pause.id === id && (why === undefined || pause.why === why) && this.inForce(pause),
    );
    const now = this.clock.now();
    this.all = this.all.map((pause) => (ended.includes(pause) ? { ...pause, until: now } : pause));
    return await Promise.resolve(ended.length > 0);
  }

  async list(): Promise<readonly Pause[]> {
    return await Promise.resolve(this.all.filter((pause) => this.inForce(pause)));
  }

  async tellWaiting(): Promise<void> {
    this.tell();
    await Promise.resolve();
  }

  /** Those in force that hold back what is to be shown under this account's post. */
  holdingBack(accountId: AccountId, mediaId: MediaId | undefined): readonly Pause[] {
    return this.all.filter(
      (pause) =>
        this.inForce(pause) &&
        (pause.scope === 'everything' || pause.id === (pause.scope === 'account' ? accountId : mediaId)),
    );
  }

  private begin(
    { until: _until, ...pause }: NewPause,
    lasting: (times: number, known: Pause | undefined) => { until: Date | undefined; times: number },
  ): Pause {
    const now = this.clock.now();
    const known = this.all.find(({ scope, id, why }) => scope === pause.scope && id === pause.id && why === pause.why);
    const standing = known && this.inForce(known) ? known : undefined;
    const recent = known && now.getTime() - known.at.getTime() < weekMs;
    const { until, times } = lasting(standing ? standing.times : recent ? known.times + 1 : 1, known);
    const begun: Pause = { ...pause, at: standing?.at ?? now, times, ...(until && { until }) };
    this.all = [...this.all.filter((other) => other !== known), begun];
    return begun;
  }

  private inForce({ until }: Pause): boolean {
    return until === undefined || until.getTime() > this.clock.now().getTime();
  }
}
