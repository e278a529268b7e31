import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** What one account may spend in a day; NULL is the usual. */
@Entity('budgets')
export class BudgetRow {
  @PrimaryColumn({ name: 'account_id', type: 'text', primaryKeyConstraintName: 'budgets_pkey' })
  accountId!: string;

  @Column({ name: 'account_micros', type: 'bigint', nullable: true })
  accountMicros!: string | null;

  @Column({ name: 'author_micros', type: 'bigint', nullable: true })
  authorMicros!: string | null;

  @Column({ name: 'changed_at', type: 'timestamptz', default: () => 'now()' })
  changedAt!: Date;
}

/** One call to a model, from before it is made. While it is under way its estimate is promised money. */
@Entity('model_calls')
@Index('model_calls_under_way', ['accountId', 'author'], { where: 'outcome IS NULL' })
export class ModelCallRow {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'model_calls_pkey',
  })
  id!: string;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at!: Date;

  /** UTC, when it began: the day whose budget pays. */
  @Column({ type: 'date' })
  day!: string;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  /** A hash. */
  @Column({ type: 'text', nullable: true })
  author!: string | null;

  @Column({ type: 'text' })
  task!: string;

  @Column({ type: 'text' })
  model!: string;

  @Column({ name: 'prompt_version', type: 'text' })
  promptVersion!: string;

  @Column({ name: 'comment_id', type: 'text', nullable: true })
  commentId!: string | null;

  @Column({ name: 'estimate_micros', type: 'bigint' })
  estimateMicros!: string;

  /** NULL while it is under way. */
  @Column({ type: 'text', nullable: true })
  outcome!: string | null;

  @Column({ type: 'text', nullable: true })
  failure!: string | null;

  @Column({ name: 'input_tokens', type: 'integer', default: 0 })
  inputTokens!: number;

  @Column({ name: 'cached_tokens', type: 'integer', default: 0 })
  cachedTokens!: number;

  @Column({ name: 'output_tokens', type: 'integer', default: 0 })
  outputTokens!: number;

  /** NULL when nobody named the model's price. */
  @Column({ type: 'bigint', nullable: true })
  micros!: string | null;

  @Column({ name: 'latency_ms', type: 'integer', nullable: true })
  latencyMs!: number | null;
}

/** The calls of one day, added up. */
@Entity('usage_days')
export class UsageDayRow {
  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'usage_days_pkey' })
  day!: string;

  @PrimaryColumn({ name: 'account_id', type: 'text', primaryKeyConstraintName: 'usage_days_pkey' })
  accountId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'usage_days_pkey' })
  task!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'usage_days_pkey' })
  model!: string;

  @Column({ type: 'integer' })
  calls!: number;

  @Column({ type: 'integer' })
  failed!: number;

  @Column({ name: 'input_tokens', type: 'bigint' })
  inputTokens!: string;

  @Column({ name: 'cached_tokens', type: 'bigint' })
  cachedTokens!: string;

  @Column({ name: 'output_tokens', type: 'bigint' })
  outputTokens!: string;

  @Column({ type: 'bigint' })
  micros!: string;

  @Column({ type: 'integer' })
  unpriced!: number;
}

/** What an account, or one of its authors, spent on a day. */
@Entity('spending_days')
export class SpendingDayRow {
  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'spending_days_pkey' })
  day!: string;

  /** Empty: all of the account. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'spending_days_pkey' })
  author!: string;

  @PrimaryColumn({ name: 'account_id', type: 'text', primaryKeyConstraintName: 'spending_days_pkey' })
  accountId!: string;

  @Column({ type: 'bigint', default: 0 })
  micros!: string;

  /** Calls that were not made for want of money. */
  @Column({ type: 'integer', default: 0 })
  refused!: number;
}
