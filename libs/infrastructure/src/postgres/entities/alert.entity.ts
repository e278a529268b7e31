import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { EffectColumns } from './effect-columns.js';

@Entity('alerts')
@Index('alerts_one_per_comment', ['commentId'], { unique: true })
@Index('alerts_due_of_account', ['accountId', 'dueAt'], { where: 'due_at IS NOT NULL' })
@Index('alerts_parked', ['parkedAt'], { where: 'parked_at IS NOT NULL' })
export class AlertRow extends EffectColumns {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'alerts_pkey' })
  id!: string;

  @Column({ name: 'message_id', type: 'text', nullable: true })
  messageId!: string | null;

  @Column({ name: 'told_at', type: 'timestamptz', nullable: true })
  toldAt!: Date | null;
}
