import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { EffectColumns } from './effect-columns.js';

@Entity('replies')
// Machines make the first generation and no other one, people the next when the one before has ended or is replaced; of
// those at most one is on its way and at most one stands: this is what makes a second reply impossible.
@Index('replies_one_per_generation', ['commentId', 'channel', 'generation'], { unique: true })
@Check('replies_further_by_people', `generation = 1 OR intent = 'person'`)
@Index('replies_one_open', ['commentId', 'channel'], {
  unique: true,
  where: `((state = ANY (ARRAY['wanted'::text, 'drafted'::text, 'waiting'::text, 'sending'::text, 'unknown'::text])) OR ((state = 'parked'::text) AND (parked_from <> 'removing'::text)))`,
})
@Index('replies_one_standing', ['commentId', 'channel'], { unique: true, where: `(state = 'sent'::text)` })
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

  @Column({ type: 'smallint', default: 1 })
  generation!: number;

  /** The published reply in whose place this one comes. */
  @Column({ type: 'uuid', nullable: true })
  replaces!: string | null;

  /** Grows with every new draft and with everything that a person does to it. */
  @Column({ type: 'integer', default: 1 })
  revision!: number;

  /** What a person asks of the next draft. */
  @Column({ type: 'text', nullable: true })
  hint!: string | null;

  @Column({ type: 'smallint', default: 0 })
  regenerations!: number;

  @Column({ name: 'removed_at', type: 'timestamptz', nullable: true })
  removedAt!: Date | null;
}

/** What a person did about a reply, with the words before and after: for its history, for repeated requests, to learn from. */
@Entity('reply_actions')
@Index('reply_actions_of_comment', ['commentId', 'id'])
@Index('reply_actions_requests', ['commentId', 'requestId'], { unique: true, where: 'request_id IS NOT NULL' })
export class ReplyActionRow {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'reply_actions_pkey',
  })
  id!: string;

  @Column({ name: 'comment_id', type: 'text' })
  commentId!: string;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  @Column({ name: 'reply_id', type: 'uuid' })
  replyId!: string;

  /** The reply that stands for it afterwards: another one when it was replaced or written anew. */
  @Column({ name: 'result_id', type: 'uuid' })
  resultId!: string;

  @Column({ type: 'text' })
  action!: string;

  @Column({ name: 'request_id', type: 'text', nullable: true })
  requestId!: string | null;

  @Column({ type: 'integer', nullable: true })
  revision!: number | null;

  @Column({ type: 'text', nullable: true })
  before!: string | null;

  @Column({ type: 'text', nullable: true })
  after!: string | null;

  /** The reason of a rejection, the hint of a new draft. */
  @Column({ type: 'text', nullable: true })
  note!: string | null;

  @Column({ type: 'jsonb', default: () => `'[]'` })
  overruled!: { reason: string; found: string }[];

  @Column({ type: 'text', default: 'operator' })
  actor!: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  at!: Date;
}
