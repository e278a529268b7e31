import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { LeasedColumns } from './leased-columns.js';

@Entity('alerts')
@Index('alerts_one_per_comment', ['commentId'], { unique: true })
@Index('alerts_due', ['dueAt'], { where: 'due_at IS NOT NULL' })
export class AlertRow extends LeasedColumns {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'alerts_pkey' })
  id!: string;

  @Column({ name: 'comment_id', type: 'text' })
  commentId!: string;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  @Column({ type: 'text' })
  state!: string;

  @Column({ name: 'message_id', type: 'text', nullable: true })
  messageId!: string | null;

  @Column({ name: 'told_at', type: 'timestamptz', nullable: true })
  toldAt!: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
