import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity('incidents')
@Index('incidents_open', ['kind', 'subject'], { unique: true, where: 'closed_at IS NULL' })
@Index('incidents_to_tell', ['tellAt'], { where: 'tell_at IS NOT NULL' })
export class IncidentRow {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'incidents_pkey',
  })
  id!: string;

  @Column({ type: 'text' })
  kind!: string;

  @Column({ type: 'text' })
  subject!: string;

  @Column({ type: 'jsonb', default: () => `'{}'` })
  detail!: Record<string, string | number>;

  @Column({ name: 'opened_at', type: 'timestamptz', default: () => 'now()' })
  openedAt!: Date;

  @Column({ name: 'seen_at', type: 'timestamptz', default: () => 'now()' })
  seenAt!: Date;

  @Column({ name: 'closed_at', type: 'timestamptz', nullable: true })
  closedAt!: Date | null;

  @Column({ name: 'tell_at', type: 'timestamptz', nullable: true, default: () => 'now()' })
  tellAt!: Date | null;

  @Column({ name: 'tell_epoch', type: 'integer', default: 0 })
  tellEpoch!: number;

  @Column({ name: 'maybe_seen', type: 'boolean', default: false })
  maybeSeen!: boolean;

  @Column({ name: 'told_at', type: 'timestamptz', nullable: true })
  toldAt!: Date | null;

  @Column({ name: 'over_told_at', type: 'timestamptz', nullable: true })
  overToldAt!: Date | null;
}
