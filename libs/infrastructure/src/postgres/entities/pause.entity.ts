import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('pauses')
export class PauseRow {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pauses_pkey' })
  scope!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pauses_pkey' })
  id!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pauses_pkey' })
  why!: string;

  /** In force until then; ended ones are kept for a while, because the next pause of their kind lasts longer. */
  @Column({ type: 'timestamptz', nullable: true })
  until!: Date | null;

  @Column({ name: 'paused_by', type: 'text' })
  pausedBy!: string;

  @Column({ name: 'paused_at', type: 'timestamptz', default: () => 'now()' })
  pausedAt!: Date;

  @Column({ type: 'text', nullable: true })
  note!: string | null;

  @Column({ type: 'integer', default: 1 })
  times!: number;

  /** The ledger of what came due until then, and waits for this pause, says so. */
  @Column({ name: 'told_through', type: 'timestamptz', nullable: true })
  toldThrough!: Date | null;
}
