import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  // `price` has no scale of its own: it keeps as many decimals as its currency has.
  `CREATE TABLE products (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT products_pkey PRIMARY KEY,
    account_id text NOT NULL,
    sku text NOT NULL,
    title text NOT NULL,
    description text,
    price numeric,
    currency text,
    availability text NOT NULL,
    url text,
    tags text[] NOT NULL DEFAULT '{}',
    revision integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT products_price CHECK ((price IS NULL) = (currency IS NULL)))`,
  `CREATE UNIQUE INDEX products_sku ON products (account_id, sku)`,

  `CREATE TABLE product_imports (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT product_imports_pkey PRIMARY KEY,
    account_id text NOT NULL,
    request jsonb NOT NULL,
    file_key text,
    state text NOT NULL,
    reason text,
    columns jsonb,
    lines integer,
    lines_without_sku integer NOT NULL DEFAULT 0,
    used integer NOT NULL DEFAULT 0,
    missing_after text,
    counts jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    epoch integer NOT NULL DEFAULT 0,
    due_at timestamptz,
    attempts integer NOT NULL DEFAULT 0)`,
  `CREATE INDEX product_imports_due ON product_imports (due_at) WHERE due_at IS NOT NULL`,
  `CREATE INDEX product_imports_created ON product_imports (account_id, created_at, id)`,
  `CREATE INDEX product_imports_file ON product_imports (file_key) WHERE file_key IS NOT NULL`,

  `CREATE TABLE product_import_lines (
    import_id uuid NOT NULL,
    number integer NOT NULL,
    line integer,
    sku text,
    changes jsonb,
    problems jsonb NOT NULL DEFAULT '[]',
    outcome text NOT NULL,
    CONSTRAINT product_import_lines_pkey PRIMARY KEY (import_id, number))`,
  `CREATE INDEX product_import_lines_sku ON product_import_lines (import_id, sku)`,
];

export class Catalogue1763722800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM passages WHERE product_id IS NOT NULL');
    for (const table of ['product_import_lines', 'product_imports', 'products']) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
