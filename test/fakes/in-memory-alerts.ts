import type { NewDecision } from '#domain/comments/reason-codes.js';
import type { Alert, AlertContent } from '#domain/notifications/alert.js';
import type { Alerts, TakenAlert } from '#domain/notifications/alerts.js';
import type { AlertId } from '#domain/shared/ids.js';
import type { Lease } from '#domain/work/lease.js';
import type { AlertState, Step, Tables } from './in-memory-rows.js';
import type { VirtualClock } from './virtual-clock.js';

/** What is to be told: the same promises as the PostgreSQL adapter, one commit each. */
export class InMemoryAlerts implements Alerts {
  constructor(
    private readonly tables: Tables,
    private readonly clock: VirtualClock,
    /** @throws StaleLease */
    private readonly advance: (lease: Lease, step: Step, change: () => void) => void,
  ) {}

  async find(id: AlertId): Promise<Alert | undefined> {
    return await this.atomic(() => this.tables.alerts.get(id)?.alert);
  }

  async content(alert: Alert): Promise<AlertContent> {
    return await this.atomic((): AlertContent => {
      const { comment } = this.tables.comment(alert.commentId);
      const maybeRepeated = alert.state === 'sending';
      return { comment, media: undefined, draft: undefined, parked: undefined, suggestsHiding: false, maybeRepeated };
    });
  }

  async beginSending(lease: Lease): Promise<void> {
    await this.move(lease, 'sending', 'keep', []);
  }

  async recordNotTold(lease: Lease): Promise<void> {
    await this.move(lease, 'waiting', 'keep', []);
  }

  async recordTold(lease: Lease, _messageId: string, decision: NewDecision): Promise<void> {
    await this.move(lease, 'told', 'end', [decision]);
  }

  async recordNoChannel(lease: Lease, decision: NewDecision): Promise<void> {
    await this.move(lease, 'no-channel', 'end', [decision]);
  }

  async waitingBeside(lease: Lease, most: number): Promise<number> {
    return await this.atomic(() => this.beside(lease).slice(0, most).length);
  }

  async takeBeside(lease: Lease, most: number, forMs: number): Promise<readonly TakenAlert[]> {
    return await this.atomic(() =>
      this.beside(lease)
        .slice(0, most)
        .map((row) => this.taken(row, forMs)),
    );
  }

  async letGo(leases: readonly Lease[], delayMs: number, maybeSeen: boolean): Promise<void> {
    await this.atomic(() => {
      for (const lease of leases) {
        const row = this.rowOf(lease);
        if (row?.epoch !== lease.epoch || row.leaseUntil === undefined) continue;
        if (!maybeSeen) row.alert = { ...row.alert, state: 'waiting' };
        row.leaseUntil = undefined;
        row.dueAt = this.clock.ms + delayMs;
      }
    });
  }

  private beside(lease: Lease): readonly AlertState[] {
    return [...this.tables.alerts.values()].filter(
      ({ alert, dueAt }) =>
        alert.id !== lease.ref.id &&
        (alert.state === 'waiting' || alert.state === 'sending') &&
        dueAt !== undefined &&
        dueAt <= this.clock.ms,
    );
  }

  private taken(row: AlertState, forMs: number): TakenAlert {
    const { alert } = row;
    const { comment } = this.tables.comment(alert.commentId);
    row.epoch += 1;
    row.leaseUntil = this.clock.ms + forMs;
    row.dueAt = row.leaseUntil;
    row.alert = { ...alert, state: 'sending' };
    const about = {
      ref: { kind: 'alert', id: alert.id },
      commentId: alert.commentId,
      accountId: comment.accountId,
    } as const;
    const lease: Lease = { ...about, epoch: row.epoch, attempts: row.attempts, traceId: 'model' };
    return { lease, alert, class: comment.verdict?.class };
  }

  private async move(
    lease: Lease,
    state: Alert['state'],
    held: Step['lease'],
    decisions: readonly NewDecision[],
  ): Promise<void> {
    const from = state === 'sending' ? ['waiting', 'sending'] : ['sending'];
    await this.atomic(() =>
      this.advance(lease, { from, lease: held, decisions }, () => {
        const row = this.rowOf(lease);
        if (row) row.alert = { ...row.alert, state };
      }),
    );
  }

  private rowOf({ ref }: Lease): AlertState | undefined {
    return ref.kind === 'alert' ? this.tables.alerts.get(ref.id) : undefined;
  }

  private async atomic<Result>(change: () => Result): Promise<Result> {
    await Promise.resolve();
    return change();
  }
}
