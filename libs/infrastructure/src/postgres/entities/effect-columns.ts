import { Column } from 'typeorm';
import { LeasedColumns } from './leased-columns.js';

/** What every row has that stands for something to be done about a comment. */
export class EffectColumns extends LeasedColumns {
  @Column({ name: 'comment_id', type: 'text' })
  commentId!: string;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  @Column({ type: 'text' })
  state!: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
