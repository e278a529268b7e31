import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('products')
@Check('products_price', '(price IS NULL) = (currency IS NULL)')
@Index('products_sku', ['accountId', 'sku'], { unique: true })
export class ProductRow {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'products_pkey' })
  id!: string;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  @Column({ type: 'text' })
  sku!: string;

  @Column({ type: 'text' })
  title!: string;

  @Column({ type: 'text', nullable: true })
  description!: string | null;

  /** Exact, as text, with the decimals of its currency. */
  @Column({ type: 'numeric', nullable: true })
  price!: string | null;

  @Column({ type: 'text', nullable: true })
  currency!: string | null;

  @Column({ type: 'text' })
  availability!: string;

  @Column({ type: 'text', nullable: true })
  url!: string | null;

  @Column({ type: 'text', array: true, default: () => `'{}'` })
  tags!: string[];

  @Column({ type: 'integer', default: 1 })
  revision!: number;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt!: Date;
}

/** Its own outbox: `due_at` is set while something is left to do (database time). */
@Entity('product_imports')
@Index('product_imports_due', ['dueAt'], { where: 'due_at IS NOT NULL' })
@Index('product_imports_created', ['accountId', 'createdAt', 'id'])
@Index('product_imports_file', ['fileKey'], { where: 'file_key IS NOT NULL' })
export class ProductImportRow {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'product_imports_pkey' })
  id!: string;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  @Column({ type: 'jsonb' })
  request!: unknown;

  /** Empty as soon as nobody will read the file again. */
  @Column({ name: 'file_key', type: 'text', nullable: true })
  fileKey!: string | null;

  @Column({ type: 'text' })
  state!: string;

  /** Why it failed, or waits; or what was not done of it. */
  @Column({ type: 'text', nullable: true })
  reason!: string | null;

  /** What its headings mean; empty until the file is read. */
  @Column({ type: 'jsonb', nullable: true })
  columns!: unknown;

  @Column({ type: 'integer', nullable: true })
  lines!: number | null;

  @Column({ name: 'lines_without_sku', type: 'integer', default: 0 })
  linesWithoutSku!: number;

  /** The number of the last line that was used. */
  @Column({ type: 'integer', default: 0 })
  used!: number;

  /** The sku of the last product that was looked at because it is not in the file. */
  @Column({ name: 'missing_after', type: 'text', nullable: true })
  missingAfter!: string | null;

  /** How many lines came to which end. */
  @Column({ type: 'jsonb', default: () => `'{}'` })
  counts!: unknown;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;

  @Column({ type: 'integer', default: 0 })
  epoch!: number;

  @Column({ name: 'due_at', type: 'timestamptz', nullable: true })
  dueAt!: Date | null;

  /** Failures since the last batch. */
  @Column({ type: 'integer', default: 0 })
  attempts!: number;
}

/** A line of a file, what it says, and what became of it; then the products that are not in the file. */
@Entity('product_import_lines')
@Index('product_import_lines_sku', ['importId', 'sku'])
export class ProductImportLineRow {
  @PrimaryColumn({ name: 'import_id', type: 'uuid', primaryKeyConstraintName: 'product_import_lines_pkey' })
  importId!: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'product_import_lines_pkey' })
  number!: number;

  /** In the file. */
  @Column({ type: 'integer', nullable: true })
  line!: number | null;

  @Column({ type: 'text', nullable: true })
  sku!: string | null;

  /** Empty once it was used. */
  @Column({ type: 'jsonb', nullable: true })
  changes!: unknown;

  @Column({ type: 'jsonb', default: () => `'[]'` })
  problems!: unknown;

  @Column({ type: 'text' })
  outcome!: string;
}
