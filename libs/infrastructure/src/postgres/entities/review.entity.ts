import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** A week of an account from which the sample was drawn; its first day. */
@Entity('review_weeks')
export class ReviewWeekRow {
  @PrimaryColumn({ name: 'account_id', type: 'text', primaryKeyConstraintName: 'review_weeks_pkey' })
  accountId!: string;

  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'review_weeks_pkey' })
  week!: string;

  /** Comments that the machine hid in it. */
  @Column({ type: 'integer' })
  hidden!: number;

  @Column({ type: 'integer' })
  sampled!: number;

  @Column({ name: 'drawn_at', type: 'timestamptz', default: () => 'now()' })
  drawnAt!: Date;
}

/** One of the sample, for a person to say whether it was hidden rightly. */
@Entity('reviews')
@Index('reviews_once', ['accountId', 'week', 'commentId'], { unique: true })
@Index('reviews_of_week', ['week', 'id'])
export class ReviewRow {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'reviews_pkey' })
  id!: string;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  @Column({ type: 'date' })
  week!: string;

  @Column({ name: 'comment_id', type: 'text' })
  commentId!: string;

  @Column({ name: 'hidden_at', type: 'timestamptz' })
  hiddenAt!: Date;

  @Column({ type: 'text', nullable: true })
  verdict!: string | null;

  @Column({ type: 'text', nullable: true })
  note!: string | null;

  @Column({ name: 'reviewed_by', type: 'text', nullable: true })
  reviewedBy!: string | null;

  @Column({ name: 'reviewed_at', type: 'timestamptz', nullable: true })
  reviewedAt!: Date | null;
}
