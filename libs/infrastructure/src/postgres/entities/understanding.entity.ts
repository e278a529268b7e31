import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What can be seen in a post's pictures, and how far finding it out is. */
@Entity('understandings')
@Index('understandings_due', ['dueAt'], { where: 'due_at IS NOT NULL' })
export class UnderstandingRow {
  @PrimaryColumn({ name: 'media_id', type: 'text', primaryKeyConstraintName: 'understandings_pkey' })
  mediaId!: string;

  @Column({ type: 'text' })
  state!: string;

  /** What it is of: another caption or other pictures make it out of date. */
  @Column({ type: 'text' })
  content!: string;

  @Column({ type: 'text', nullable: true })
  text!: string | null;

  /** Why there is none, or not all of it. */
  @Column({ type: 'text', nullable: true })
  problem!: string | null;

  @Column({ type: 'text', nullable: true })
  model!: string | null;

  @Column({ name: 'prompt_version', type: 'text', nullable: true })
  promptVersion!: string | null;

  @Column({ name: 'made_at', type: 'timestamptz', nullable: true })
  madeAt!: Date | null;

  @Column({ type: 'integer', default: 0 })
  tries!: number;

  /** Grows with every take-over: who holds an older one writes nothing. */
  @Column({ type: 'integer', default: 0 })
  epoch!: number;

  /** Not before then; null when nothing is to be done. */
  @Column({ name: 'due_at', type: 'timestamptz', nullable: true })
  dueAt!: Date | null;

  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null;
}
