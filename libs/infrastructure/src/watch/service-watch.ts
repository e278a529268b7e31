import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Incidents, NewIncident } from '#domain/notifications/incidents.js';
import type { IncidentNotifier, IncidentTelling } from '#domain/notifications/incident-telling.js';
import type { Clock } from '#domain/shared/clock.js';
import { AppError } from '#domain/shared/errors.js';
import type { Dependencies } from '../health/dependencies.js';
import type { Redis } from '../redis/redis.js';
import { within } from '../resilience/within.js';

/** Restarts and takeovers are over by then. */
const databaseAwayAfterMs = 30_000;
const queueAwayAfterMs = 15_000;
const queueQuietMs = 15_000;

const databaseAway: NewIncident = { kind: 'database-away', subject: 'database' };
const queueAway = { kind: 'queue-away', subject: 'queue' } as const;

/** Held by whoever tells that the database is away; kept alive by its holder, so that another can take over. */
const tellerKey = 'instachatico:telling-database-away';
const tellerKeyMs = 600_000;
const redisWithinMs = 500;

/**
 * What the system itself stands on. That Redis is away goes through the book like everything else. That the database is
 * away cannot: it is told at once, by one worker where Redis can say which, and written down afterwards.
 */
export class ServiceWatch {
  readonly #database = new Outage(databaseAwayAfterMs);
  readonly #queue = new Outage(queueAwayAfterMs);
  readonly #me = randomUUID();
  #toldSince: Date | undefined;

  constructor(
    private readonly dependencies: Pick<Dependencies, 'database' | 'redis'>,
    private readonly book: Incidents & IncidentTelling,
    private readonly notifier: IncidentNotifier,
    private readonly redis: Pick<Redis, 'set' | 'get' | 'pExpire' | 'del'>,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  async look(): Promise<void> {
    const [database, queue] = await Promise.all([this.dependencies.database(), this.dependencies.redis()]);
    const queueIsAway = this.#queue.lastsAt(queue.up, this.clock.elapsedMs());
    if (this.#database.lastsAt(database.up, this.clock.elapsedMs())) return await this.#tellOfDatabase();
    if (!database.up) return;
    await this.#noteDatabaseIsBack();
    if (queueIsAway) await this.book.open(queueAway);
    else if (queue.up) await this.book.close(queueAway.kind, queueAway.subject, queueQuietMs);
  }

  async #tellOfDatabase(): Promise<void> {
    const isTeller = await this.#isTeller();
    if (this.#toldSince !== undefined || !isTeller) return;
    const openedAt = new Date(this.clock.now().getTime() - databaseAwayAfterMs);
    const incident = { ...databaseAway, id: 'none', openedAt, closedAt: undefined };
    await this.notifier.tellIncidents([{ incident, stage: 'began', maybeRepeated: false, epoch: 0 }]);
    this.logger.error('The database has been away for half a minute; operators are told.');
    this.#toldSince = openedAt;
  }

  async #noteDatabaseIsBack(): Promise<void> {
    if (this.#toldSince === undefined) return;
    await this.book.recordToldDirectly(databaseAway, this.#toldSince);
    this.#toldSince = undefined;
    // For the next outage; without an answer it ends by itself.
    this.redis.del(tellerKey).catch(() => undefined);
  }

  /** Where Redis is away too, everybody tells: twice is better than not at all. */
  async #isTeller(): Promise<boolean> {
    const late = (): Error => new AppError('unavailable', 'Redis does not answer');
    try {
      const expiration = { type: 'PX', value: tellerKeyMs } as const;
      const taken = await within(
        redisWithinMs,
        this.redis.set(tellerKey, this.#me, { condition: 'NX', expiration }),
        late,
      );
      if (taken !== null) return true;
      if ((await within(redisWithinMs, this.redis.get(tellerKey), late)) !== this.#me) return false;
      await within(redisWithinMs, this.redis.pExpire(tellerKey, tellerKeyMs), late);
      return true;
    } catch {
      return true;
    }
  }
}

/** Since when something is away, as far as we have looked. */
class Outage {
  #sinceMs: number | undefined;

  constructor(private readonly countsAfterMs: number) {}

  /** @returns whether it is away for so long that it counts */
  lastsAt(up: boolean, nowMs: number): boolean {
    if (up) this.#sinceMs = undefined;
    else this.#sinceMs ??= nowMs;
    return this.#sinceMs !== undefined && nowMs - this.#sinceMs >= this.countsAfterMs;
  }
}
