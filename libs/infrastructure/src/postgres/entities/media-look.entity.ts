import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What we found when we last looked at a post's comments at the platform. */
@Entity('media_looks')
@Index('media_looks_of_account', ['accountId'])
export class MediaLookRow {
  @PrimaryColumn({ name: 'media_id', type: 'text', primaryKeyConstraintName: 'media_looks_pkey' })
  mediaId!: string;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  @Column({ name: 'looked_at', type: 'timestamptz' })
  lookedAt!: Date;

  /** As the platform counted them. */
  @Column({ type: 'integer' })
  counted!: number;

  /** What we had then, with those that were left to their webhooks. */
  @Column({ type: 'integer' })
  known!: number;

  @Column({ type: 'integer' })
  unexplained!: number;

  /** Whether its comments were read to the end once. */
  @Column({ type: 'boolean' })
  whole!: boolean;

  /** Where the first reading goes on. */
  @Column({ name: 'continue_at', type: 'text', nullable: true })
  continueAt!: string | null;
}
