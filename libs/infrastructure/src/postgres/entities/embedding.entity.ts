import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { PassageRow } from './document.entity.js';

/** Models that vectors were made with. `building`: next to be searched with · `active`: searched with · `retired`: being removed. */
@Entity('embedding_models')
@Index('embedding_models_active', ['state'], { unique: true, where: `state = 'active'` })
export class EmbeddingModelRow {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'embedding_models_pkey' })
  name!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'embedding_models_pkey' })
  dimensions!: number;

  @Column({ type: 'text' })
  state!: string;

  /** When a process with this model in its settings started last: the latest one is worked for. */
  @Column({ name: 'wanted_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  wantedAt!: Date;

  /** When its state changed last. */
  @Column({ name: 'changed_at', type: 'timestamptz', default: () => 'now()' })
  changedAt!: Date;
}

/** Gone with its passage. */
@Entity('passage_vectors')
@Index('passage_vectors_of_account', ['accountId', 'model', 'dimensions'])
export class PassageVectorRow {
  @ForeignKey(() => PassageRow, { name: 'passage_vectors_passage', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'passage_id', type: 'uuid', primaryKeyConstraintName: 'passage_vectors_pkey' })
  passageId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'passage_vectors_pkey' })
  model!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'passage_vectors_pkey' })
  dimensions!: number;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  /** Storage PLAIN: beside its row. */
  @Column({ type: 'halfvec' })
  embedding!: number[];
}
