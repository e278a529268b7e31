import type { Logger } from 'pino';
import { incidentKinds, type Incidents, type NewIncident } from '#domain/notifications/incidents.js';
import type { Clock } from '#domain/shared/clock.js';
import { messageOf } from '#domain/shared/errors.js';
import type { ModelStanding } from '../openai/model-catalogue.js';

const dayMs = 86_400_000;
/** Days before a model's end at which operators hear of it, and when it is over. */
const stages = [0, 7, 30] as const;

type ModelIncident = NewIncident & { readonly kind: 'model-missing' | 'model-retiring' };

/**
 * Whether the models of the settings are there, and for how long: looked at when a worker starts, and now and then. It
 * holds nothing up: a server that does not say is asked again later.
 */
export class ModelWatch {
  constructor(
    private readonly models: readonly string[],
    private readonly catalogue: { standing(model: string): Promise<ModelStanding> },
    private readonly incidents: Pick<Incidents, 'open' | 'close' | 'allOpen'>,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly logger: Pick<Logger, 'warn' | 'debug'>,
  ) {}

  async look(): Promise<void> {
    const found: ModelIncident[] = [];
    const unknown = new Set<string>();
    for (const model of new Set(this.models)) {
      const standing = await this.standingOf(model);
      if (standing.kind === 'unknown') unknown.add(model);
      const incident = this.incidentOf(model, standing);
      if (incident) found.push(incident);
    }
    for (const incident of found) {
      this.logger.warn({ model: incident.subject, detail: incident.detail }, incidentKinds[incident.kind].what);
      await this.incidents.open(incident);
    }
    for (const { kind, subject } of await this.incidents.allOpen()) {
      const ours = kind === 'model-missing' || kind === 'model-retiring';
      // Earlier stages stay open beside later ones: that 30 days became 7 is no good news.
      const still = found.some((one) => one.kind === kind && modelOf(one.subject) === modelOf(subject));
      // Of a model that the server does not speak of now, what was told before still holds.
      if (ours && !still && !unknown.has(modelOf(subject))) await this.incidents.close(kind, subject);
    }
  }

  private async standingOf(model: string): Promise<ModelStanding> {
    try {
      return await this.catalogue.standing(model);
    } catch (error) {
      this.logger.debug({ model, why: messageOf(error) }, 'The model server does not say whether this model is there.');
      return { kind: 'unknown' };
    }
  }

  private incidentOf(model: string, standing: ModelStanding): ModelIncident | undefined {
    if (standing.kind === 'missing') return { kind: 'model-missing', subject: model };
    if (standing.kind === 'unknown' || !standing.shutdownAt) return undefined;
    const days = Math.ceil((standing.shutdownAt.getTime() - this.clock.now().getTime()) / dayMs);
    const stage = stages.find((limit) => days <= limit);
    if (stage === undefined) return undefined;
    const when = stage === 0 ? 'over' : `within ${stage} days`;
    const detail = { 'shutdown date': standing.shutdownAt.toISOString().slice(0, 10), 'days left': Math.max(0, days) };
    return { kind: 'model-retiring', subject: `${model}, ${when}`, detail };
  }
}

/** Names in the settings have no commas. */
function modelOf(subject: string): string {
  return subject.split(',', 1)[0] ?? subject;
}
