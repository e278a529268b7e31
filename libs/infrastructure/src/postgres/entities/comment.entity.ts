import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { LeasedColumns } from './leased-columns.js';

@Entity('comments')
@Index('comments_due_of_account', ['accountId', 'dueAt'], { where: 'due_at IS NOT NULL' })
@Index('comments_parked', ['parkedAt'], { where: 'parked_at IS NOT NULL' })
@Index('comments_thread', ['parentId', 'receivedAt'], { where: 'parent_id IS NOT NULL' })
@Index('comments_under_way', ['stage'], { where: `((finished_at IS NULL) AND (stage <> 'received'::text))` })
@Index('comments_ended', ['outcome'], { where: 'finished_at IS NOT NULL' })
@Index('comments_of_media', ['mediaId', 'receivedAt'], { where: 'media_id IS NOT NULL' })
@Index('comments_alike', ['likeness', 'classifiedAt'], { where: 'likeness IS NOT NULL' })
@Index('comments_came', ['accountId', 'source', 'receivedAt'])
export class CommentRow extends LeasedColumns {
  /** The platform's own id. */
  @PrimaryColumn({ type: 'text' })
  id!: string;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  @Column({ name: 'media_id', type: 'text', nullable: true })
  mediaId!: string | null;

  @Column({ name: 'parent_id', type: 'text', nullable: true })
  parentId!: string | null;

  @Column({ name: 'author_id', type: 'text', nullable: true })
  authorId!: string | null;

  @Column({ type: 'text', nullable: true })
  username!: string | null;

  @Column({ type: 'text' })
  text!: string;

  @Column({ name: 'media_kind', type: 'text', nullable: true })
  mediaKind!: string | null;

  @Column({ name: 'ad_id', type: 'text', nullable: true })
  adId!: string | null;

  @Column({ name: 'delivery_id', type: 'bigint' })
  deliveryId!: string;

  @Column({ name: 'trace_id', type: 'text' })
  traceId!: string;

  @Column({ name: 'received_at', type: 'timestamptz', default: () => 'now()' })
  receivedAt!: Date;

  /** How it came to us. */
  @Column({ type: 'text', default: 'webhook' })
  source!: string;

  /** Webhooks do not say it. */
  @Column({ name: 'written_at', type: 'timestamptz', nullable: true })
  writtenAt!: Date | null;

  @Column({ type: 'text' })
  stage!: string;

  @Column({ type: 'text', nullable: true })
  class!: string | null;

  @Column({ type: 'smallint', nullable: true })
  confidence!: number | null;

  @Column({ name: 'verdict_reason', type: 'text', nullable: true })
  verdictReason!: string | null;

  @Column({ type: 'text', nullable: true })
  language!: string | null;

  @Column({ type: 'text', nullable: true })
  model!: string | null;

  @Column({ name: 'prompt_version', type: 'text', nullable: true })
  promptVersion!: string | null;

  @Column({ name: 'classified_at', type: 'timestamptz', nullable: true })
  classifiedAt!: Date | null;

  /** Equal comments take this one's verdict over for an hour; without it they do not. */
  @Column({ type: 'text', nullable: true })
  likeness!: string | null;

  @Column({ type: 'boolean', default: false })
  hidden!: boolean;

  @Column({ type: 'text', nullable: true })
  outcome!: string | null;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;
}
