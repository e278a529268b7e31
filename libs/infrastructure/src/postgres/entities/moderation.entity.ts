import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { EffectColumns } from './effect-columns.js';

@Entity('moderations')
@Index('moderations_due_of_account', ['accountId', 'dueAt'], { where: 'due_at IS NOT NULL' })
// Policies hide and nothing else.
@Check('moderations_deleted_by_people', `action = 'hide' OR actor <> 'system'`)
@Index('moderations_of_comment', ['commentId'])
@Index('moderations_requests', ['commentId', 'requestId'], { unique: true, where: 'request_id IS NOT NULL' })
@Index('moderations_hidden_by_machine', ['doneAt'], {
  where: `((action = 'hide'::text) AND (actor = 'system'::text) AND (state = 'done'::text))`,
})
@Index('moderations_suggested', ['createdAt', 'id'], { where: `(state = 'suggested'::text)` })
@Index('moderations_parked', ['parkedAt'], { where: 'parked_at IS NOT NULL' })
export class ModerationRow extends EffectColumns {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'moderations_pkey' })
  id!: string;

  @Column({ type: 'text' })
  action!: string;

  @Column({ type: 'text', default: 'system' })
  actor!: string;

  @Column({ name: 'request_id', type: 'text', nullable: true })
  requestId!: string | null;

  @Column({ name: 'done_at', type: 'timestamptz', nullable: true })
  doneAt!: Date | null;
}
