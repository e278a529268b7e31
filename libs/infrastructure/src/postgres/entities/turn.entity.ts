import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('turns')
export class TurnRow {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'turns_pkey' })
  name!: string;

  /** Counts the takings: who was held up too long holds an old number. */
  @Column({ type: 'integer', default: 0 })
  taken!: number;

  @Column({ name: 'next_at', type: 'timestamptz' })
  nextAt!: Date;
}
