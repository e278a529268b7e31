import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity('deliveries')
export class DeliveryRow {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'deliveries_pkey',
  })
  id!: string;

  @Column({ type: 'text' })
  platform!: string;

  @Column({ name: 'received_at', type: 'timestamptz', default: () => 'now()' })
  receivedAt!: Date;

  @Column({ name: 'trace_id', type: 'text' })
  traceId!: string;

  /** The signed bytes, unchanged: text columns take neither NUL nor lone surrogates, and evidence must not be edited. */
  @Column({ type: 'bytea' })
  body!: Buffer;

  @Column({ type: 'integer' })
  comments!: number;

  @Column({ type: 'integer' })
  foreign!: number;

  @Column({ type: 'integer' })
  quarantined!: number;

  /** Items accepted without a feature for them yet, by name. */
  @Column({ type: 'jsonb', default: () => `'{}'` })
  counted!: Record<string, number>;
}

@Entity('quarantine')
@Index('quarantine_of_delivery', ['deliveryId'])
export class QuarantineRow {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'quarantine_pkey',
  })
  id!: string;

  @Column({ name: 'delivery_id', type: 'bigint' })
  deliveryId!: string;

  @Column({ type: 'text' })
  path!: string;

  @Column({ type: 'text' })
  reason!: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  at!: Date;
}
