import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('policies')
export class PolicyRow {
  @PrimaryColumn({ name: 'account_id', type: 'text', primaryKeyConstraintName: 'policies_pkey' })
  accountId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'policies_pkey' })
  version!: number;

  /** `PolicySettings`, whole. */
  @Column({ type: 'jsonb' })
  settings!: unknown;

  @Column({ name: 'changed_at', type: 'timestamptz', default: () => 'now()' })
  changedAt!: Date;

  @Column({ name: 'changed_by', type: 'text' })
  changedBy!: string;

  @Column({ type: 'text', nullable: true })
  note!: string | null;
}

@Entity('takeovers')
@Index('takeovers_latest', ['takenAt', 'scope', 'id'])
export class TakeoverRow {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'takeovers_pkey' })
  scope!: string;

  /** Of the thread's first comment, or of the post. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'takeovers_pkey' })
  id!: string;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  /** An operator, or a person in the platform's own app. */
  @Column({ name: 'taken_by', type: 'text' })
  takenBy!: string;

  @Column({ name: 'taken_at', type: 'timestamptz', default: () => 'now()' })
  takenAt!: Date;
}
