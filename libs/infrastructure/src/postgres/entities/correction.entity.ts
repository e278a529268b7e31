import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** One word of a person about what a comment is; the latest of a comment counts. */
@Entity('corrections')
@Index('corrections_of_comment', ['commentId', 'id'])
export class CorrectionRow {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'corrections_pkey',
  })
  id!: string;

  @Column({ name: 'comment_id', type: 'text' })
  commentId!: string;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  /** What stood there before, with its model; null where nothing did. */
  @Column({ name: 'from_class', type: 'text', nullable: true })
  fromClass!: string | null;

  @Column({ name: 'from_confidence', type: 'smallint', nullable: true })
  fromConfidence!: number | null;

  @Column({ type: 'text', nullable: true })
  model!: string | null;

  @Column({ name: 'prompt_version', type: 'text', nullable: true })
  promptVersion!: string | null;

  @Column({ name: 'to_class', type: 'text' })
  toClass!: string;

  @Column({ type: 'text' })
  reason!: string;

  @Column({ type: 'text' })
  actor!: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  at!: Date;
}
