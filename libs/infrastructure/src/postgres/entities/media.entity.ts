import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('media')
export class MediaRow {
  @PrimaryColumn({ type: 'text' })
  id!: string;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  @Column({ type: 'text', nullable: true })
  caption!: string | null;

  @Column({ type: 'text', nullable: true })
  type!: string | null;

  @Column({ type: 'text', nullable: true })
  permalink!: string | null;

  /** The platform's ids of its pictures, in their order; their addresses expire and are not kept. */
  @Column({ type: 'text', array: true, default: () => "'{}'" })
  pictures!: string[];

  @Column({ name: 'posted_at', type: 'timestamptz', nullable: true })
  postedAt!: Date | null;

  @Column({ name: 'fetched_at', type: 'timestamptz', default: () => 'now()' })
  fetchedAt!: Date;
}
