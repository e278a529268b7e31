import type { FactoryProvider } from '@nestjs/common';
import type { Logger } from 'pino';
import { NearIndexes } from '#infrastructure/postgres/near-indexes.js';
import { Schedules } from './schedules.js';

const SEARCH_CARE = Symbol('search care');
/** Until an account that has grown is searched by an index it is searched without: slower, and as well. */
const everyMs = 60_000;

/** The indexes that large accounts are searched by, on a clock of their own: making one takes minutes. */
export function searchCare(logger: Logger): FactoryProvider<Schedules> {
  return {
    provide: SEARCH_CARE,
    inject: [NearIndexes],
    useFactory: (indexes: NearIndexes) =>
      new Schedules(
        [
          {
            name: 'search-indexes',
            everyMs,
            run: async () => {
              const { built, dropped } = await indexes.keep();
              if (built.length + dropped.length > 0)
                logger.info({ built, dropped }, 'Indexes over vectors were made or removed.');
            },
          },
        ],
        logger,
      ),
  };
}
