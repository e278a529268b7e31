import type { FactoryProvider } from '@nestjs/common';
import type { Logger } from 'pino';
import { incidentKinds, Incidents, type Backlog } from '#domain/notifications/incidents.js';
import { IncidentNotifier } from '#domain/notifications/incident-telling.js';
import type { KnowledgeFigures } from '#domain/knowledge/knowledge-overview.js';
import { Clock } from '#domain/shared/clock.js';
import { Budgets } from '#domain/spending/budget.js';
import type { TellIncidents } from '#use-cases/notifications/tell-incidents.js';
import type { Config } from '#infrastructure/config/config.js';
import { Dependencies } from '#infrastructure/health/dependencies.js';
import { REDIS } from '#infrastructure/infrastructure.module.js';
import { ModelCatalogue } from '#infrastructure/openai/model-catalogue.js';
import { Database } from '#infrastructure/postgres/database.js';
import { PostgresIncidents } from '#infrastructure/postgres/incidents.js';
import type { Redis } from '#infrastructure/redis/redis.js';
import { PostgresModelCalls } from '#infrastructure/postgres/model-calls.js';
import { BacklogWatch } from '#infrastructure/watch/backlog-watch.js';
import { Recent } from '#infrastructure/health/recent.js';
import { KNOWLEDGE_FIGURES } from '#infrastructure/knowing.js';
import { KnowledgeWatch } from '#infrastructure/watch/knowledge-watch.js';
import { BudgetWatch } from '#infrastructure/watch/budget-watch.js';
import { ModelWatch } from '#infrastructure/watch/model-watch.js';
import { ServiceWatch } from '#infrastructure/watch/service-watch.js';
import { VendorWatch } from '#infrastructure/watch/vendor-watch.js';
import type { Schedule } from './schedules.js';

export const WATCHES = Symbol('watches');
/** Those who look whether something is wrong; each look is short and harmless when others look too. */
export type Watches = Readonly<
  Record<'vendors' | 'services' | 'backlog' | 'budgets' | 'models' | 'knowledge', { look(): Promise<void> }>
>;

/** At the start, and then as often as a vendor's word about a model may change. */
const modelsEveryMs = 6 * 3_600_000;

export function watching({ openai }: Pick<Config, 'openai'>, logger: Logger): readonly FactoryProvider[] {
  return [
    {
      provide: WATCHES,
      inject: [
        Database,
        Incidents,
        IncidentNotifier,
        Dependencies,
        REDIS,
        Clock,
        Budgets,
        PostgresModelCalls,
        KNOWLEDGE_FIGURES,
      ],
      useFactory: (
        database: Database,
        incidents: Incidents,
        notifier: IncidentNotifier,
        dependencies: Dependencies,
        redis: Redis,
        clock: Clock,
        budgets: Budgets,
        calls: PostgresModelCalls,
        figures: Recent<KnowledgeFigures>,
      ): Watches => ({
        vendors: new VendorWatch(incidents, clock, async () => await undecided(dependencies)),
        services: new ServiceWatch(dependencies, new PostgresIncidents(database), notifier, redis, clock, logger),
        backlog: new BacklogWatch(incidents, async () => await dependencies.work(), clock),
        knowledge: new KnowledgeWatch(incidents, async () => await figures.read()),
        budgets: new BudgetWatch(incidents, budgets, async () => await calls.settleLost()),
        models: new ModelWatch(
          [...openai.classificationModels, ...openai.responseModels, ...openai.embeddingModels],
          new ModelCatalogue(openai),
          incidents,
          clock,
          logger,
        ),
      }),
    },
  ];
}

/** In the process and not in the queue: that the queue is away must be told, too. */
export function incidentSchedules(tell: TellIncidents, watches: Watches, logger: Logger): readonly Schedule[] {
  return [
    {
      name: 'incidents',
      everyMs: 3_000,
      run: async () => {
        for (const { incident, stage } of await tell.execute()) {
          const { kind, subject, detail } = incident;
          const level = stage === 'began' ? 'error' : 'warn';
          logger[level]({ incident: kind, subject, detail, stage }, incidentKinds[kind].what);
        }
      },
    },
    { name: 'watch-vendors', everyMs: 5_000, run: async () => await watches.vendors.look() },
    { name: 'watch-services', everyMs: 5_000, run: async () => await watches.services.look() },
    { name: 'watch-budgets', everyMs: 5_000, run: async () => await watches.budgets.look() },
    {
      name: 'watch-models',
      everyMs: modelsEveryMs,
      afterFailureMs: 60_000,
      run: async () => await watches.models.look(),
    },
    { name: 'watch-backlog', everyMs: 30_000, run: async () => await watches.backlog.look() },
    { name: 'watch-knowledge', everyMs: 30_000, run: async () => await watches.knowledge.look() },
  ];
}

async function undecided(dependencies: Dependencies): Promise<Backlog | undefined> {
  const work = await dependencies.work();
  return work && { comments: work.underWay['received'] ?? 0, oldestMs: work.oldestUndecidedMs };
}
