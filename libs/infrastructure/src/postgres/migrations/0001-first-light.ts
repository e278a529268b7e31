import type { MigrationInterface, QueryRunner } from 'typeorm';

const leased = `
  epoch integer NOT NULL DEFAULT 0,
  owner text,
  lease_until timestamptz,
  due_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  last_error text`;

// Partial indexes on due_at hold only what is still to be done: they stay small however many comments are stored.
const statements = [
  `CREATE TABLE accounts (
    id text CONSTRAINT accounts_pkey PRIMARY KEY,
    platform text NOT NULL,
    username text NOT NULL,
    preset text NOT NULL DEFAULT 'balanced',
    connected_at timestamptz NOT NULL DEFAULT now())`,

  `CREATE TABLE media (
    id text CONSTRAINT media_pkey PRIMARY KEY,
    account_id text NOT NULL,
    caption text,
    type text,
    permalink text,
    posted_at timestamptz,
    fetched_at timestamptz NOT NULL DEFAULT now())`,

  `CREATE TABLE deliveries (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT deliveries_pkey PRIMARY KEY,
    platform text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    trace_id text NOT NULL,
    body bytea NOT NULL,
    comments integer NOT NULL,
    "foreign" integer NOT NULL,
    quarantined integer NOT NULL,
    counted jsonb NOT NULL DEFAULT '{}')`,

  `CREATE TABLE quarantine (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT quarantine_pkey PRIMARY KEY,
    delivery_id bigint NOT NULL,
    path text NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL DEFAULT now())`,
  `CREATE INDEX quarantine_of_delivery ON quarantine (delivery_id)`,

  `CREATE TABLE comments (
    id text CONSTRAINT comments_pkey PRIMARY KEY,
    account_id text NOT NULL,
    media_id text,
    parent_id text,
    author_id text,
    username text,
    text text NOT NULL,
    media_kind text,
    ad_id text,
    delivery_id bigint NOT NULL,
    trace_id text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    stage text NOT NULL,
    class text,
    confidence smallint,
    verdict_reason text,
    language text,
    model text,
    prompt_version text,
    classified_at timestamptz,
    hidden boolean NOT NULL DEFAULT false,
    outcome text,
    finished_at timestamptz,${leased})`,
  `CREATE INDEX comments_due ON comments (due_at) WHERE due_at IS NOT NULL`,
  `CREATE INDEX comments_thread ON comments (parent_id, received_at) WHERE parent_id IS NOT NULL`,

  `CREATE TABLE replies (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT replies_pkey PRIMARY KEY,
    comment_id text NOT NULL,
    account_id text NOT NULL,
    intent text NOT NULL,
    state text NOT NULL,
    text text,
    sources jsonb NOT NULL DEFAULT '[]',
    model text,
    prompt_version text,
    attempt smallint NOT NULL DEFAULT 0,
    attempt_started_at timestamptz,
    empty_listings smallint NOT NULL DEFAULT 0,
    platform_reply_id text,
    sent_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),${leased})`,
  `CREATE UNIQUE INDEX replies_one_per_comment ON replies (comment_id)`,
  `CREATE UNIQUE INDEX replies_published ON replies (platform_reply_id) WHERE platform_reply_id IS NOT NULL`,
  `CREATE INDEX replies_due ON replies (due_at) WHERE due_at IS NOT NULL`,

  `CREATE TABLE moderations (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT moderations_pkey PRIMARY KEY,
    comment_id text NOT NULL,
    account_id text NOT NULL,
    action text NOT NULL,
    state text NOT NULL,
    done_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),${leased})`,
  `CREATE UNIQUE INDEX moderations_one_per_comment ON moderations (comment_id, action)`,
  `CREATE INDEX moderations_due ON moderations (due_at) WHERE due_at IS NOT NULL`,

  `CREATE TABLE alerts (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT alerts_pkey PRIMARY KEY,
    comment_id text NOT NULL,
    account_id text NOT NULL,
    state text NOT NULL,
    message_id text,
    told_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),${leased})`,
  `CREATE UNIQUE INDEX alerts_one_per_comment ON alerts (comment_id)`,
  `CREATE INDEX alerts_due ON alerts (due_at) WHERE due_at IS NOT NULL`,

  `CREATE TABLE decisions (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decisions_pkey PRIMARY KEY,
    comment_id text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    step text NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL DEFAULT 'system',
    detail jsonb NOT NULL DEFAULT '{}')`,
  `CREATE INDEX decisions_about ON decisions (comment_id, id)`,

  `CREATE TABLE documents (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT documents_pkey PRIMARY KEY,
    account_id text NOT NULL,
    title text NOT NULL,
    content_hash text NOT NULL,
    characters integer NOT NULL,
    passages integer NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now())`,
  `CREATE UNIQUE INDEX documents_title ON documents (account_id, title)`,

  `CREATE TABLE passages (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT passages_pkey PRIMARY KEY,
    document_id uuid NOT NULL,
    account_id text NOT NULL,
    position integer NOT NULL,
    title text NOT NULL,
    heading text,
    text text NOT NULL)`,
  `CREATE INDEX passages_of_document ON passages (document_id)`,
  // PostgreSQL's russian configuration stems Cyrillic words as Russian and Latin ones as English.
  `CREATE INDEX passages_search ON passages USING gin (
    to_tsvector('russian'::regconfig, title || ' ' || coalesce(heading, '') || ' ' || text))`,

  // Ends a comment when nothing is due about it any more, with the strongest thing that happened. The comment's row is
  // locked first: of two steps that finish at once, the second sees what the first did (each statement of a volatile
  // function has a fresh snapshot), so that one of them always ends it.
  `CREATE FUNCTION settle_comment(which text) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    result text;
  BEGIN
    PERFORM 1 FROM comments WHERE id = which AND stage = 'acting' FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    IF EXISTS (SELECT 1 FROM replies WHERE comment_id = which AND due_at IS NOT NULL)
      OR EXISTS (SELECT 1 FROM moderations WHERE comment_id = which AND due_at IS NOT NULL)
      OR EXISTS (SELECT 1 FROM alerts WHERE comment_id = which AND due_at IS NOT NULL)
    THEN RETURN; END IF;
    SELECT CASE min(rank) WHEN 1 THEN 'parked' WHEN 2 THEN 'answered' WHEN 3 THEN 'hidden' WHEN 4 THEN 'waiting'
                          WHEN 5 THEN 'told' ELSE 'left-alone' END
      INTO result
      FROM (
        SELECT CASE state WHEN 'parked' THEN 1 WHEN 'sent' THEN 2 WHEN 'waiting' THEN 4 END AS rank
          FROM replies WHERE comment_id = which
        UNION ALL
        SELECT CASE state WHEN 'parked' THEN 1 WHEN 'done' THEN 3 WHEN 'suggested' THEN 4 END
          FROM moderations WHERE comment_id = which
        UNION ALL
        SELECT CASE state WHEN 'parked' THEN 1 WHEN 'told' THEN 5 END FROM alerts WHERE comment_id = which
      ) AS what_happened;
    UPDATE comments
       SET stage = CASE result WHEN 'parked' THEN 'parked' ELSE 'done' END, outcome = result, finished_at = now()
     WHERE id = which;
  END $$`,
];

const tables = [
  'passages',
  'documents',
  'decisions',
  'alerts',
  'moderations',
  'replies',
  'comments',
  'quarantine',
  'deliveries',
  'media',
  'accounts',
];

export class FirstLight1763664000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION settle_comment');
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}
