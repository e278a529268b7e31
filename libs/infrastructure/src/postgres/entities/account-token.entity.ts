import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The token that took over from the one in the settings (the seed). Another seed is another row: the newest setting wins. */
@Entity('account_tokens')
export class AccountTokenRow {
  @PrimaryColumn({ name: 'account_id', type: 'text', primaryKeyConstraintName: 'account_tokens_pkey' })
  accountId!: string;

  /** SHA-256 of the seed: tokens are random, their digest gives nothing away. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'account_tokens_pkey' })
  seed!: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  since!: Date;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  /** Which key it is sealed with; empty while the seed itself is in use. */
  @Column({ name: 'key_id', type: 'text', nullable: true })
  keyId!: string | null;

  @Column({ type: 'bytea', nullable: true })
  sealed!: Buffer | null;
}
