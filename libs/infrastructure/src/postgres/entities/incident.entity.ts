import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity('incidents')
@Index('incidents_open', ['kind', 'subject'], { unique: true, where: 'closed_at IS NULL' })
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

  @Column({ name: 'closed_at', type: 'timestamptz', nullable: true })
  closedAt!: Date | null;
}
