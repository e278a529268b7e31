import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('answer_settings')
export class AnswerSettingsRow {
  @PrimaryColumn({ name: 'account_id', type: 'text', primaryKeyConstraintName: 'answer_settings_pkey' })
  accountId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'answer_settings_pkey' })
  version!: number;

  /** `AnswerSettings`, whole. */
  @Column({ type: 'jsonb' })
  settings!: unknown;

  @Column({ name: 'changed_at', type: 'timestamptz', default: () => 'now()' })
  changedAt!: Date;

  @Column({ name: 'changed_by', type: 'text' })
  changedBy!: string;

  @Column({ type: 'text', nullable: true })
  note!: string | null;
}
