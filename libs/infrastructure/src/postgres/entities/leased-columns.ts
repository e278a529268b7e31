import { Column } from 'typeorm';

/**
 * What makes a row its own outbox: who works on it, until when, and when it is due (database time). `due_at` is empty
 * when nothing is left for machines; while somebody works on the row it is the lease's end.
 */
export class LeasedColumns {
  @Column({ type: 'integer', default: 0 })
  epoch!: number;

  @Column({ type: 'text', nullable: true })
  owner!: string | null;

  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null;

  @Column({ name: 'due_at', type: 'timestamptz', nullable: true })
  dueAt!: Date | null;

  @Column({ type: 'integer', default: 0 })
  attempts!: number;

  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError!: string | null;

  /** Where the row stood when machines gave it up, since when, and why; empty while it is not parked. */
  @Column({ name: 'parked_from', type: 'text', nullable: true })
  parkedFrom!: string | null;

  @Column({ name: 'parked_at', type: 'timestamptz', nullable: true })
  parkedAt!: Date | null;

  @Column({ name: 'parked_reason', type: 'text', nullable: true })
  parkedReason!: string | null;
}
