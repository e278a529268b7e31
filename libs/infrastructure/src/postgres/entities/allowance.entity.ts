import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How much was used of one limit in one slot of time. */
@Entity('allowance_uses')
@Index('allowance_uses_gone', ['goneAt'])
export class AllowanceUseRow {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'allowance_uses_pkey' })
  key!: string;

  @PrimaryColumn({ type: 'timestamptz', primaryKeyConstraintName: 'allowance_uses_pkey' })
  slot!: Date;

  @Column({ type: 'integer' })
  amount!: number;

  /** From then on it counts nowhere. */
  @Column({ name: 'gone_at', type: 'timestamptz' })
  goneAt!: Date;
}

/** What vendors ask of us: to stop for a while, or to keep a distance between calls. */
@Entity('allowance_holds')
export class AllowanceHoldRow {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'allowance_holds_pkey' })
  owner!: string;

  @Column({ name: 'held_until', type: 'timestamptz', nullable: true })
  heldUntil!: Date | null;

  @Column({ name: 'held_why', type: 'text', nullable: true })
  heldWhy!: string | null;

  @Column({ name: 'gap_ms', type: 'integer', nullable: true })
  gapMs!: number | null;

  @Column({ name: 'slowed_until', type: 'timestamptz', nullable: true })
  slowedUntil!: Date | null;

  @Column({ name: 'next_at', type: 'timestamptz', nullable: true })
  nextAt!: Date | null;
}
