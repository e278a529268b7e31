import { createHash } from 'node:crypto';
import type { AccessSource, AccessState, AccountAccess } from '#domain/accounts/access.js';
import { messageOf } from '#domain/shared/errors.js';
import type { AccountId } from '#domain/shared/ids.js';
import type { KeyRing } from '../access/key-ring.js';
import { within } from '../resilience/within.js';
import type { Database } from './database.js';
import { AccountTokenRow } from './entities/account-token.entity.js';

/** Another process may have renewed the token: that it is used here is worth one small question a minute. */
const askAgainAfterMs = 60_000;
/** A call to the platform does not wait longer for a database that hangs: the token it has is most likely good. */
const answerWithinMs = 2_000;

export interface AccessLog {
  warn(fields: object, message: string): void;
}

/** The token in use: the one from the settings, or the one that took over from it, kept sealed. */
export class PostgresAccountAccess implements AccountAccess, AccessSource {
  readonly #seed: string;
  #inUse: string;
  #askedAt: number | undefined;
  #asking: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly keys: KeyRing,
    private readonly configured: string,
    private readonly log: AccessLog,
  ) {
    this.#seed = createHash('sha256').update(configured).digest('hex');
    this.#inUse = configured;
  }

  get keepsTokens(): boolean {
    return this.keys.canSeal;
  }

  async current(): Promise<string> {
    const age = this.#askedAt === undefined ? undefined : performance.now() - this.#askedAt;
    if (age === undefined) await this.#ask();
    else if (age > askAgainAfterMs) void this.#ask();
    return this.#inUse;
  }

  async insteadOf(refused: string): Promise<string | undefined> {
    await this.#ask();
    if (this.#inUse !== refused) return this.#inUse;
    // What took over is dead; the one in the settings may have been good for longer, or is a try worth making.
    return refused === this.configured ? undefined : this.configured;
  }

  async state(accountId: AccountId): Promise<AccessState> {
    const [row] = await this.database.query<{ since: Date; expires_at: Date | null }>(
      `WITH first AS (
         INSERT INTO account_tokens (account_id, seed) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING since, expires_at)
       SELECT since, expires_at FROM first
       UNION ALL SELECT since, expires_at FROM account_tokens WHERE account_id = $1 AND seed = $2`,
      [accountId, this.#seed],
    );
    if (!row) throw new Error(`the token of ${accountId} was not noted`);
    return { since: row.since, expiresAt: row.expires_at ?? undefined };
  }

  async keep(accountId: AccountId, token: string, expiresAt: Date): Promise<void> {
    const { keyId, bytes } = this.keys.seal(token, accountId);
    await this.database.query(
      `INSERT INTO account_tokens (account_id, seed, since, expires_at, key_id, sealed)
       VALUES ($1, $2, now(), $3, $4, $5)
       ON CONFLICT (account_id, seed) DO UPDATE SET since = now(), expires_at = excluded.expires_at,
         key_id = excluded.key_id, sealed = excluded.sealed`,
      [accountId, this.#seed, expiresAt, keyId, bytes],
    );
    this.#inUse = token;
  }

  /** Never fails: without an answer the token that is in use stays in use. */
  async #ask(): Promise<void> {
    this.#asking ??= this.#read()
      .catch((error: unknown) => this.log.warn({ why: messageOf(error) }, 'The renewed token could not be read.'))
      .finally(() => {
        this.#asking = undefined;
        this.#askedAt = performance.now();
      });
    await within(answerWithinMs, this.#asking, () => new Error('late')).catch(() => undefined);
  }

  async #read(): Promise<void> {
    const rows = await this.database.many(AccountTokenRow, {
      where: { seed: this.#seed },
      order: { since: 'DESC' },
    });
    for (const { accountId, keyId, sealed } of rows) {
      if (keyId === null || sealed === null) continue;
      const found = { keyId, bytes: sealed };
      this.#inUse = this.keys.open(found, accountId);
      if (this.keys.isOutdated(found)) await this.#sealAnew(accountId, found.bytes);
      return;
    }
  }

  async #sealAnew(accountId: string, before: Buffer): Promise<void> {
    const { keyId, bytes } = this.keys.seal(this.#inUse, accountId);
    // Only over what was read: it may have been renewed meanwhile.
    await this.database.query(
      `WITH sealed AS (
         UPDATE account_tokens SET key_id = $4, sealed = $5
          WHERE account_id = $1 AND seed = $2 AND sealed = $3 RETURNING account_id)
       SELECT account_id FROM sealed`,
      [accountId, this.#seed, before, keyId, bytes],
    );
  }
}
