import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('accounts')
export class AccountRow {
  @PrimaryColumn({ type: 'text' })
  id!: string;

  @Column({ type: 'text' })
  platform!: string;

  @Column({ type: 'text' })
  username!: string;

  /** Comments of this account go past these rules. */
  @Column({ name: 'local_rules_off', type: 'text', array: true, default: () => "'{}'" })
  localRulesOff!: string[];

  @Column({ name: 'connected_at', type: 'timestamptz', default: () => 'now()' })
  connectedAt!: Date;
}
