import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';

/**
 * Its own outbox: `due_at` is set while its newest version is to be indexed (database time). `state`, `file…` and
 * `prepared…` are those of the newest version; `version`, `passages`, `characters` and `contentHash` of the one in use.
 */
@Entity('documents')
@Index('documents_title', ['accountId', 'title'], { unique: true })
@Index('documents_due', ['dueAt'], { where: 'due_at IS NOT NULL' })
@Index('documents_file', ['fileKey'], { where: 'file_key IS NOT NULL' })
export class DocumentRow {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'documents_pkey' })
  id!: string;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  @Column({ type: 'text' })
  title!: string;

  @Column({ name: 'content_hash', type: 'text', nullable: true })
  contentHash!: string | null;

  @Column({ type: 'integer' })
  characters!: number;

  @Column({ type: 'integer' })
  passages!: number;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt!: Date;

  @Column({ type: 'text', default: 'text' })
  source!: string;

  @Column({ type: 'text', default: 'md' })
  type!: string;

  /** Where it was fetched. */
  @Column({ type: 'text', nullable: true })
  address!: string | null;

  @Column({ name: 'file_key', type: 'text', nullable: true })
  fileKey!: string | null;

  @Column({ name: 'file_name', type: 'text', nullable: true })
  fileName!: string | null;

  @Column({ name: 'file_hash', type: 'text', nullable: true })
  fileHash!: string | null;

  @Column({ type: 'integer', nullable: true })
  bytes!: number | null;

  @Column({ type: 'text', default: 'ready' })
  state!: string;

  /** Why it failed, for programs and for people. */
  @Column({ type: 'text', nullable: true })
  reason!: string | null;

  @Column({ type: 'text', nullable: true })
  detail!: string | null;

  /** Counts what was in use; 0 while nothing has been. */
  @Column({ type: 'integer', default: 1 })
  version!: number;

  /** Passages of the newest version; empty until it is read and cut. */
  @Column({ name: 'prepared_total', type: 'integer', nullable: true })
  preparedTotal!: number | null;

  /** Those of them that are ready. */
  @Column({ name: 'prepared_done', type: 'integer', default: 0 })
  preparedDone!: number;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ type: 'integer', default: 0 })
  epoch!: number;

  @Column({ name: 'due_at', type: 'timestamptz', nullable: true })
  dueAt!: Date | null;

  @Column({ type: 'integer', default: 0 })
  attempts!: number;

  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError!: string | null;
}

/** What may be quoted now: of a document or of a product. */
@Entity('passages')
@Check('passages_of_one', 'num_nonnulls(document_id, product_id) = 1')
@Index('passages_of_account', ['accountId'])
@Index('passages_of_document', ['documentId'])
@Index('passages_of_product', ['productId'], { where: 'product_id IS NOT NULL' })
@Index('passages_search', { synchronize: false }) // a GIN index: the migration makes it
export class PassageRow {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'passages_pkey' })
  id!: string;

  @Column({ name: 'document_id', type: 'uuid', nullable: true })
  documentId!: string | null;

  @Column({ name: 'product_id', type: 'uuid', nullable: true })
  productId!: string | null;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  @Column({ type: 'integer' })
  position!: number;

  @Column({ type: 'text' })
  title!: string;

  @Column({ type: 'text', nullable: true })
  heading!: string | null;

  @Column({ type: 'text' })
  text!: string;

  /** Where a person finds it in the file: "page 3". */
  @Column({ type: 'text', nullable: true })
  place!: string | null;

  /** What full-text search looks at: title, heading and text, stemmed. */
  @Column({ type: 'tsvector', select: false })
  words!: string;
}

/** A passage of a version that is not in use yet. */
@Entity('passage_drafts')
@Index('passage_drafts_position', ['documentId', 'position'], { unique: true })
export class PassageDraftRow {
  /** The passage's id from the moment on that it is in use. */
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'passage_drafts_pkey' })
  id!: string;

  @ForeignKey(() => DocumentRow, { name: 'passage_drafts_document', onDelete: 'CASCADE' })
  @Column({ name: 'document_id', type: 'uuid' })
  documentId!: string;

  @Column({ type: 'integer' })
  position!: number;

  @Column({ type: 'text', nullable: true })
  heading!: string | null;

  @Column({ type: 'text' })
  text!: string;

  @Column({ type: 'text', nullable: true })
  place!: string | null;

  @Column({ type: 'tsvector', select: false })
  words!: string;

  /** Which model made its vector; empty while it has none. */
  @Column({ type: 'text', nullable: true })
  model!: string | null;

  @Column({ type: 'integer', nullable: true })
  dimensions!: number | null;

  @Column({ type: 'halfvec', nullable: true, select: false })
  embedding!: number[] | null;
}
