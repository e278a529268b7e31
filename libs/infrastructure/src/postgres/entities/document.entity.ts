import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity('documents')
@Index('documents_title', ['accountId', 'title'], { unique: true })
export class DocumentRow {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'documents_pkey' })
  id!: string;

  @Column({ name: 'account_id', type: 'text' })
  accountId!: string;

  @Column({ type: 'text' })
  title!: string;

  @Column({ name: 'content_hash', type: 'text' })
  contentHash!: string;

  @Column({ type: 'integer' })
  characters!: number;

  @Column({ type: 'integer' })
  passages!: number;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt!: Date;
}

@Entity('passages')
@Index('passages_of_document', ['documentId'])
@Index('passages_search', { synchronize: false }) // a GIN index: the migration makes it
export class PassageRow {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'passages_pkey' })
  id!: string;

  @Column({ name: 'document_id', type: 'uuid' })
  documentId!: string;

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

  /** What full-text search looks at: title, heading and text, stemmed. */
  @Column({ type: 'tsvector', select: false })
  words!: string;
}
