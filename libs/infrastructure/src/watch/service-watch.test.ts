import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { IncidentNotice } from '#domain/notifications/incident-telling.js';
import { AppError } from '#domain/shared/errors.js';
import { InMemoryIncidents } from '../../../../test/fakes/in-memory-incidents.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import type { DependencyState } from '../health/dependencies.js';
import { ServiceWatch } from './service-watch.js';

const up: DependencyState = { up: true, ms: 1 };
const down: DependencyState = { up: false, why: 'away' };

let clock: VirtualClock;
let book: InMemoryIncidents;
let state: { database: DependencyState; redis: DependencyState };
let keys: Map<string, string>;
let told: string[];
let chatIsAway: boolean;

beforeEach(() => {
  clock = new VirtualClock();
  book = new InMemoryIncidents(clock);
  state = { database: up, redis: up };
  keys = new Map();
  told = [];
  chatIsAway = false;
});

/** What the watch asks of Redis, with one process's clock. */
const redis = {
  set: async (key: string, value: string): Promise<'OK' | null> => {
    await reached();
    if (keys.has(key)) return null;
    keys.set(key, value);
    return 'OK';
  },
  get: async (key: string): Promise<string | null> => {
    await reached();
    return keys.get(key) ?? null;
  },
  pExpire: async (): Promise<number> => await reached(),
  del: async (key: string): Promise<number> => {
    await reached();
    return keys.delete(key) ? 1 : 0;
  },
};
async function reached(): Promise<number> {
  await Promise.resolve();
  if (!state.redis.up) throw new Error('away');
  return 1;
}

function worker(): ServiceWatch {
  const dependencies = {
    database: async () => await Promise.resolve(state.database),
    redis: async () => await Promise.resolve(state.redis),
  };
  const notifier = {
    tellIncidents: async (notices: readonly IncidentNotice[]) => {
      await Promise.resolve();
      if (chatIsAway) throw new AppError('unavailable', 'no chat');
      told.push(...notices.map(({ incident, stage }) => `${incident.kind} ${stage}`));
      return '1';
    },
  };
  // The few commands that the watch uses, in the shapes in which it uses them.
  const client = redis as unknown as ConstructorParameters<typeof ServiceWatch>[3];
  return new ServiceWatch(dependencies, book, notifier, client, clock, pino({ level: 'silent' }));
}

async function looks(of: readonly ServiceWatch[], seconds: number): Promise<void> {
  for (let left = seconds; left > 0; left -= 5) {
    clock.pass(5_000);
    for (const watch of of) await watch.look().catch(() => undefined);
  }
}
/** What the ordinary way tells in the end. */
async function toldByTheBook(): Promise<readonly string[]> {
  clock.pass(5_000);
  return (await book.claim(20, 1)).map(({ incident, stage }) => `${incident.kind} ${stage}`);
}

describe('a database that is away', () => {
  // audit 29
  it('is told directly after half a minute, by one worker of two, once; its end goes through the book', async () => {
    const workers = [worker(), worker()];
    state.database = down;
    await looks(workers, 25);
    expect(told).toEqual([]);
    await looks(workers, 300);
    expect(told).toEqual(['database-away began']);
    state.database = up;
    await looks(workers, 10);
    expect(told).toEqual(['database-away began']);
    expect(await toldByTheBook()).toEqual(['database-away over']);
  });

  it('is told again when it goes away again', async () => {
    const workers = [worker(), worker()];
    for (let times = 2; times > 0; times -= 1) {
      state.database = down;
      await looks(workers, 60);
      state.database = up;
      await looks(workers, 10);
    }
    expect(told).toEqual(['database-away began', 'database-away began']);
  });

  it('is told as soon as the channel is there, also while Redis is away', async () => {
    chatIsAway = true;
    state = { database: down, redis: down };
    const watch = worker();
    await looks([watch], 60);
    chatIsAway = false;
    await looks([watch], 60);
    expect(told).toEqual(['database-away began']);
  });
});

describe('a queue that is away', () => {
  it('is written into the book after a quarter of a minute, and is over when nobody misses it any more', async () => {
    const workers = [worker(), worker()];
    state.redis = down;
    await looks(workers, 10);
    expect(book.all).toEqual([]);
    await looks(workers, 60);
    expect(book.isOpen('queue-away', 'queue')).toBe(true);
    state.redis = up;
    await looks(workers, 30);
    expect(book.all).toMatchObject([{ kind: 'queue-away', closedAt: expect.any(Date) }]);
    expect(told).toEqual([]);
  });
});
