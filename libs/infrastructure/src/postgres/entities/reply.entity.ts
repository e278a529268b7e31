import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { EffectColumns } from './effect-columns.js';

@Entity('replies')
// One intent per comment and channel, for ever: this is what makes a second reply impossible.
@Index('replies_one_per_channel', ['commentId', 'channel'], { unique: true })
@Index('replies_audits', ['auditDueAt'], { where: 'audit_due_at IS NOT NULL' })
@Index('replies_published', ['platformReplyId'], { unique: true, where: 'platform_reply_id IS NOT NULL' })
@Index('replies_due_of_account', ['accountId', 'dueAt'], { where: 'due_at IS NOT NULL' })
@Index('replies_waiting', ['createdAt', 'id'], { where: `(state = 'waiting'::text)` })
@Index('replies_parked', ['parkedAt'], { where: 'parked_at IS NOT NULL' })
export class ReplyRow extends EffectColumns {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'replies_pkey' })
  id!: string;

  @Column({ type: 'text' })
  intent!: string;

  @Column({ type: 'text', default: 'public' })
  channel!: string;

  @Column({ type: 'text', nullable: true })
  text!: string | null;

  @Column({ type: 'jsonb', default: () => `'[]'` })
  sources!: { passageId: string; title: string }[];

  @Column({ type: 'text', nullable: true })
  model!: string | null;

  @Column({ name: 'prompt_version', type: 'text', nullable: true })
  promptVersion!: string | null;

  @Column({ type: 'smallint', default: 0 })
  attempt!: number;

  @Column({ name: 'attempt_started_at', type: 'timestamptz', nullable: true })
  attemptStartedAt!: Date | null;

  @Column({ name: 'empty_listings', type: 'smallint', default: 0 })
  emptyListings!: number;

  @Column({ name: 'platform_reply_id', type: 'text', nullable: true })
  platformReplyId!: string | null;

  @Column({ name: 'sent_at', type: 'timestamptz', nullable: true })
  sentAt!: Date | null;

  /** When the thread was last seen without it, before a second try. */
  @Column({ name: 'looked_at', type: 'timestamptz', nullable: true })
  lookedAt!: Date | null;

  @Column({ name: 'audit_due_at', type: 'timestamptz', nullable: true })
  auditDueAt!: Date | null;

  @Column({ name: 'audit_looks', type: 'smallint', default: 0 })
  auditLooks!: number;

  @Column({ name: 'extra_reply_id', type: 'text', nullable: true })
  extraReplyId!: string | null;
}
