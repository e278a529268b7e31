import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which version of our instructions a task uses. */
@Entity('prompt_choices')
export class PromptChoiceRow {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'prompt_choices_pkey' })
  task!: string;

  /** Empty: for all accounts without a choice of their own. */
  @PrimaryColumn({ name: 'account_id', type: 'text', primaryKeyConstraintName: 'prompt_choices_pkey' })
  accountId!: string;

  @Column({ type: 'integer', nullable: true })
  active!: number | null;

  @Column({ type: 'integer', nullable: true })
  trial!: number | null;

  /** Percent of the comments. */
  @Column({ name: 'trial_share', type: 'smallint', nullable: true })
  trialShare!: number | null;

  @Column({ name: 'changed_at', type: 'timestamptz', default: () => 'now()' })
  changedAt!: Date;
}
