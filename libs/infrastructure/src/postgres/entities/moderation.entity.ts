import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { LeasedColumns } from './leased-columns.js';

@Entity('moderations')
@Index('moderations_one_per_comment', ['commentId', 'action'], { unique: true })
@Index('moderations_due', ['dueAt'], { where: 'due_at IS NOT NULL' })
export class ModerationRow extends LeasedColumns {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'moderations_pkey' })
  id!: string;

  @Column({ name: 'comment_id', type: 'text' })
  commentId!: string;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  @Column({ type: 'text' })
  action!: string;

  @Column({ type: 'text' })
  state!: string;

  @Column({ name: 'done_at', type: 'timestamptz', nullable: true })
  doneAt!: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
