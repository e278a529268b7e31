import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { EffectColumns } from './effect-columns.js';

@Entity('moderations')
@Index('moderations_one_per_comment', ['commentId', 'action'], { unique: true })
@Index('moderations_due_of_account', ['accountId', 'dueAt'], { where: 'due_at IS NOT NULL' })
export class ModerationRow extends EffectColumns {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'moderations_pkey' })
  id!: string;

  @Column({ type: 'text' })
  action!: string;

  @Column({ name: 'done_at', type: 'timestamptz', nullable: true })
  doneAt!: Date | null;
}
