import type { MigrationInterface, QueryRunner } from 'typeorm';

// Asks of many calls at once, answered in their order: an id for a call that may be made, or whose budget is used up.
// Neither of both: what is left is promised to calls that are under way, and may come back when they end.
const beginModelCalls = `CREATE FUNCTION begin_model_calls(asked jsonb, usual_account bigint, usual_author bigint)
  RETURNS TABLE (call_id bigint, whose text) LANGUAGE plpgsql AS $$
DECLARE
  one record;
  today date;
  purses jsonb; -- by account, and by account and author: what is allowed, spent, and promised to calls under way
  purse text;
  others text;
  granted jsonb := '[]';
  refused jsonb := '{}'; -- by purse: how many calls
BEGIN
  -- In one order for everybody, so that two who ask for the same accounts never wait in a circle.
  PERFORM pg_advisory_xact_lock(id) FROM (
    SELECT DISTINCT hashtextextended('budget ' || account, 0) AS id
      FROM jsonb_to_recordset(asked) AS given(account text) ORDER BY 1) AS ids;
  -- Only now: whoever had the locks before promised money at an earlier time, and each statement from here on sees it.
  today := (clock_timestamp() AT TIME ZONE 'utc')::date;

  -- What was spent and what is promised in one look: a call that ends between two would be in neither.
  SELECT coalesce(jsonb_object_agg(account || ' ' || author, jsonb_build_object(
           'most', CASE author WHEN '' THEN coalesce(own_account, usual_account) ELSE coalesce(own_author, usual_author) END,
           'spent', coalesce(spent, 0), 'promised', coalesce(promised, 0))), '{}') INTO purses FROM (
    SELECT given.account, given.author, budgets.account_micros AS own_account, budgets.author_micros AS own_author,
           (SELECT micros FROM spending_days AS days
             WHERE days.day = today AND days.author = given.author AND days.account_id = given.account) AS spent,
           (SELECT sum(estimate_micros) FROM model_calls AS calls
             WHERE calls.account_id = given.account AND calls.outcome IS NULL
               AND (given.author = '' OR calls.author = given.author)) AS promised
      FROM (SELECT account, '' AS author FROM jsonb_to_recordset(asked) AS given(account text)
            UNION SELECT account, author FROM jsonb_to_recordset(asked) AS given(account text, author text)
                   WHERE author IS NOT NULL) AS given
      LEFT JOIN budgets ON budgets.account_id = given.account) AS each_one;

  FOR one IN SELECT * FROM jsonb_to_recordset(asked) AS given(account text, author text, task text, model text,
                                                              prompt text, comment text, micros bigint)
  LOOP
    call_id := NULL;
    whose := NULL;
    others := NULL;
    FOREACH purse IN ARRAY array_remove(ARRAY[one.account || ' ', one.account || ' ' || one.author], NULL) LOOP
      IF (purses -> purse ->> 'spent')::bigint + greatest(one.micros, 1) > (purses -> purse ->> 'most')::bigint THEN
        whose := CASE purse WHEN one.account || ' ' THEN 'account' ELSE 'author' END;
        refused := jsonb_set(refused, ARRAY[purse], to_jsonb(coalesce((refused ->> purse)::integer, 0) + 1));
        EXIT;
      ELSIF (purses -> purse ->> 'spent')::bigint + (purses -> purse ->> 'promised')::bigint + one.micros
            > (purses -> purse ->> 'most')::bigint THEN
        others := purse;
      END IF;
    END LOOP;
    IF whose IS NULL AND others IS NULL THEN
      call_id := nextval(pg_get_serial_sequence('model_calls', 'id'));
      granted := granted || jsonb_build_object('id', call_id, 'account', one.account, 'author', one.author,
        'task', one.task, 'model', one.model, 'prompt', one.prompt, 'comment', one.comment, 'micros', one.micros);
      FOREACH purse IN ARRAY array_remove(ARRAY[one.account || ' ', one.account || ' ' || one.author], NULL) LOOP
        purses := jsonb_set(purses, ARRAY[purse, 'promised'],
                            to_jsonb((purses -> purse ->> 'promised')::bigint + one.micros));
      END LOOP;
    END IF;
    RETURN NEXT;
  END LOOP;

  INSERT INTO model_calls (id, day, account_id, author, task, model, prompt_version, comment_id, estimate_micros)
  OVERRIDING SYSTEM VALUE
  SELECT id, today, account, author, task, model, prompt, comment, micros
    FROM jsonb_to_recordset(granted) AS given(id bigint, account text, author text, task text, model text,
                                              prompt text, comment text, micros bigint);
  INSERT INTO spending_days AS days (day, author, account_id, refused)
  SELECT today, substr(key, strpos(key, ' ') + 1), split_part(key, ' ', 1), value::integer
    FROM jsonb_each_text(refused) ORDER BY 2, 3
  ON CONFLICT (day, author, account_id) DO UPDATE SET refused = days.refused + excluded.refused;
END $$`;

export class Spending1763708400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE budgets (
      account_id text CONSTRAINT budgets_pkey PRIMARY KEY,
      account_micros bigint,
      author_micros bigint,
      changed_at timestamptz NOT NULL DEFAULT now())`);
    await runner.query(`CREATE TABLE model_calls (
      id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT model_calls_pkey PRIMARY KEY,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      day date NOT NULL,
      account_id text NOT NULL,
      author text,
      task text NOT NULL,
      model text NOT NULL,
      prompt_version text NOT NULL,
      comment_id text,
      estimate_micros bigint NOT NULL,
      outcome text,
      failure text,
      input_tokens integer NOT NULL DEFAULT 0,
      cached_tokens integer NOT NULL DEFAULT 0,
      output_tokens integer NOT NULL DEFAULT 0,
      micros bigint,
      latency_ms integer)`);
    // As many as are under way, however many there ever were.
    await runner.query('CREATE INDEX model_calls_under_way ON model_calls (account_id, author) WHERE outcome IS NULL');
    await runner.query(`CREATE TABLE usage_days (
      day date NOT NULL,
      account_id text NOT NULL,
      task text NOT NULL,
      model text NOT NULL,
      calls integer NOT NULL,
      failed integer NOT NULL,
      input_tokens bigint NOT NULL,
      cached_tokens bigint NOT NULL,
      output_tokens bigint NOT NULL,
      micros bigint NOT NULL,
      unpriced integer NOT NULL,
      CONSTRAINT usage_days_pkey PRIMARY KEY (day, account_id, task, model))`);
    await runner.query(`CREATE TABLE spending_days (
      day date NOT NULL,
      author text NOT NULL,
      account_id text NOT NULL,
      micros bigint NOT NULL DEFAULT 0,
      refused integer NOT NULL DEFAULT 0,
      CONSTRAINT spending_days_pkey PRIMARY KEY (day, author, account_id))`);
    // Few rows that change with every call, and calls that change once: their size says nothing about how often.
    for (const table of ['usage_days', 'spending_days']) {
      await runner.query(
        `ALTER TABLE ${table} SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)`,
      );
    }
    await runner.query('ALTER TABLE model_calls SET (autovacuum_vacuum_scale_factor = 0.02)');
    await runner.query(beginModelCalls);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION begin_model_calls(jsonb, bigint, bigint)');
    for (const table of ['spending_days', 'usage_days', 'model_calls', 'budgets']) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
