import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  // The newest version of a document is what `state`, `file_…` and `prepared_…` speak of; `version`, `passages`,
  // `characters` and `content_hash` are those of the version that is in use, 0 and empty as long as there is none.
  `ALTER TABLE documents
    ALTER content_hash DROP NOT NULL,
    ADD source text NOT NULL DEFAULT 'text',
    ADD type text NOT NULL DEFAULT 'md',
    ADD address text,
    ADD file_key text,
    ADD file_name text,
    ADD file_hash text,
    ADD bytes integer,
    ADD state text NOT NULL DEFAULT 'ready',
    ADD reason text,
    ADD detail text,
    ADD version integer NOT NULL DEFAULT 1,
    ADD prepared_total integer,
    ADD prepared_done integer NOT NULL DEFAULT 0,
    ADD created_at timestamptz NOT NULL DEFAULT now(),
    ADD epoch integer NOT NULL DEFAULT 0,
    ADD due_at timestamptz,
    ADD attempts integer NOT NULL DEFAULT 0,
    ADD last_error text`,
  `CREATE INDEX documents_due ON documents (due_at) WHERE due_at IS NOT NULL`,
  `CREATE INDEX documents_file ON documents (file_key) WHERE file_key IS NOT NULL`,

  `ALTER TABLE passages
    ALTER document_id DROP NOT NULL,
    ADD product_id uuid,
    ADD place text,
    ADD CONSTRAINT passages_of_one CHECK (num_nonnulls(document_id, product_id) = 1)`,
  `CREATE INDEX passages_of_product ON passages (product_id) WHERE product_id IS NOT NULL`,

  // A draft keeps its id when it becomes a passage.
  `CREATE TABLE passage_drafts (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT passage_drafts_pkey PRIMARY KEY,
    document_id uuid NOT NULL,
    position integer NOT NULL,
    heading text,
    text text NOT NULL,
    place text,
    words tsvector NOT NULL,
    model text,
    dimensions integer,
    embedding halfvec,
    CONSTRAINT passage_drafts_document FOREIGN KEY (document_id) REFERENCES documents (id) ON DELETE CASCADE)`,
  `CREATE UNIQUE INDEX passage_drafts_position ON passage_drafts (document_id, position)`,

  `CREATE TABLE embedding_models (
    name text,
    dimensions integer,
    state text NOT NULL,
    wanted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT embedding_models_pkey PRIMARY KEY (name, dimensions))`,
  `CREATE UNIQUE INDEX embedding_models_active ON embedding_models (state) WHERE state = 'active'`,

  // Whoever removes a passage need not think of its vectors.
  `CREATE TABLE passage_vectors (
    passage_id uuid,
    model text,
    dimensions integer,
    account_id text NOT NULL,
    embedding halfvec NOT NULL,
    CONSTRAINT passage_vectors_pkey PRIMARY KEY (passage_id, model, dimensions),
    CONSTRAINT passage_vectors_passage FOREIGN KEY (passage_id) REFERENCES passages (id) ON DELETE CASCADE)`,
  // Beside its row: a search that compares all vectors of an account would spend most of its time fetching them.
  `ALTER TABLE passage_vectors ALTER embedding SET STORAGE PLAIN`,
  `CREATE INDEX passage_vectors_of_account ON passage_vectors (account_id, model, dimensions)`,
];

export class Knowing1763719200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addVectors(runner);
    for (const statement of statements) await runner.query(statement);
  }

  /** The extension stays: it may have been there before us, and others may use it. */
  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['passage_vectors', 'embedding_models', 'passage_drafts']) {
      await runner.query(`DROP TABLE ${table}`);
    }
    await runner.query('DELETE FROM passages WHERE document_id IS NULL');
    await runner.query(`ALTER TABLE passages DROP product_id, DROP place, ALTER document_id SET NOT NULL`);
    await runner.query(`DELETE FROM documents WHERE version = 0`);
    // What came as a file is compared with nothing from now on: the next text under its title is new.
    await runner.query(`UPDATE documents SET content_hash = '' WHERE content_hash IS NULL`);
    await runner.query(`ALTER TABLE documents ALTER content_hash SET NOT NULL,
      DROP source, DROP type, DROP address, DROP file_key, DROP file_name, DROP file_hash, DROP bytes, DROP state,
      DROP reason, DROP detail, DROP version, DROP prepared_total, DROP prepared_done, DROP created_at, DROP epoch,
      DROP due_at, DROP attempts, DROP last_error`);
  }
}

const how =
  'Install pgvector 0.7 or newer there (packages: postgresql-17-pgvector; image: pgvector/pgvector:pg17), or let a ' +
  'superuser run CREATE EXTENSION vector in this database once, and start again.';

/** @throws Error that says what to do when this server has no vectors */
async function addVectors(runner: QueryRunner): Promise<void> {
  const [found] = (await runner.query(
    `SELECT (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS here,
            (SELECT default_version FROM pg_available_extensions WHERE name = 'vector') AS available`,
  )) as { here: string | null; available: string | null }[]; // the statement's own columns
  if (!found?.here && !found?.available) throw new Error(`This PostgreSQL has no extension "vector". ${how}`);
  if (!found.here) await runner.query('CREATE EXTENSION IF NOT EXISTS vector');
  const [type] = (await runner.query(`SELECT to_regtype('halfvec') IS NOT NULL AS known`)) as { known: boolean }[]; // as above
  if (!type?.known) throw new Error(`The extension "vector" of this PostgreSQL does not know halfvec. ${how}`);
}
