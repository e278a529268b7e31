import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** What would have been otherwise. Its own outbox: `due_at` is set while something is left to do (database time). */
@Entity('backtests')
@Index('backtests_due', ['dueAt'], { where: 'due_at IS NOT NULL' })
@Index('backtests_created', ['createdAt', 'id'])
export class BacktestRow {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'backtests_pkey' })
  id!: string;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  @Column({ type: 'jsonb' })
  request!: unknown;

  @Column({ type: 'text' })
  state!: string;

  /** Why it failed, or waits. */
  @Column({ type: 'text', nullable: true })
  reason!: string | null;

  @Column({ type: 'integer' })
  total!: number;

  /** Millionths of a dollar; empty when nobody knows the price. */
  @Column({ type: 'bigint', nullable: true })
  estimate!: string | null;

  /** Where the last batch ended. */
  @Column({ type: 'text', nullable: true })
  cursor!: string | null;

  @Column({ type: 'jsonb', default: () => `'{}'` })
  figures!: unknown;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;

  @Column({ type: 'integer', default: 0 })
  epoch!: number;

  @Column({ name: 'due_at', type: 'timestamptz', nullable: true })
  dueAt!: Date | null;

  /** Failures since the last batch. */
  @Column({ type: 'integer', default: 0 })
  attempts!: number;
}

/** One comment about which something would have been otherwise. */
@Entity('backtest_changes')
export class BacktestChangeRow {
  @PrimaryColumn({ name: 'backtest_id', type: 'uuid', primaryKeyConstraintName: 'backtest_changes_pkey' })
  backtestId!: string;

  /** Its place among the comments of the backtest, from 1. */
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'backtest_changes_pkey' })
  number!: number;

  @Column({ name: 'comment_id', type: 'text' })
  commentId!: string;

  @Column({ type: 'jsonb' })
  detail!: unknown;
}
