import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity('decisions')
@Index('decisions_about', ['commentId', 'id'])
export class DecisionRow {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'decisions_pkey',
  })
  id!: string;

  @Column({ name: 'comment_id', type: 'text' })
  commentId!: string;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at!: Date;

  @Column({ type: 'text' })
  step!: string;

  @Column({ type: 'text' })
  reason!: string;

  @Column({ type: 'text', default: 'system' })
  actor!: string;

  @Column({ type: 'jsonb', default: () => `'{}'` })
  detail!: Record<string, unknown>;
}
