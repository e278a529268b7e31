import pg from 'pg';

/** While one statement's answer travels, another runs; what comes meanwhile gathers (GroupCommit). */
export const preparedConnections = 2;

/**
 * How far a search goes through an index over vectors (measured: docs/search.md), and that it goes on where most of what it
 * finds is another account's. Other statements do not know these settings.
 */
const nearSearch = '-c hnsw.ef_search=100 -c hnsw.iterative_scan=strict_order';

/**
 * Connections for the statements that run all the time: each is parsed and planned once per connection, which for the
 * large ones costs three times as much as running them. A plan that is kept must stay good while the tables grow from
 * nothing to millions of rows, so it is made for any parameters and always by way of the indexes.
 */
export class PreparedStatements {
  private readonly pool: pg.Pool;
  /** By text. Under its name a connection keeps a statement; our own texts: there are only so many. */
  private readonly names = new Map<string, string>();

  constructor(settings: pg.PoolConfig) {
    const options = [settings.options ?? '', '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off', nearSearch]
      .join(' ')
      .trim();
    this.pool = new pg.Pool({ ...settings, options, max: preparedConnections });
    // A connection that breaks is replaced: an idle one at its next use, one at work fails its statement as well.
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** @returns the rows; the caller wrote the columns */
  async run<R extends object>(text: string, values: unknown[]): Promise<R[]> {
    const name = this.names.get(text) ?? `statement ${this.names.size + 1}`;
    this.names.set(text, name);
    const client = await this.pool.connect();
    try {
      const { rows } = await client.query<R>({ name, text, values });
      client.release();
      return rows;
    } catch (error) {
      client.release(true); // after a failure nobody knows what the connection is still doing
      throw error;
    }
  }

  figures(): { readonly total: number; readonly idle: number; readonly waiting: number } {
    return { total: this.pool.totalCount, idle: this.pool.idleCount, waiting: this.pool.waitingCount };
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
