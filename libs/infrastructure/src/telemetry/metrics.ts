import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { localRules, type LocalRule } from '#domain/comments/local-rules.js';
import type { Lane } from '#domain/jobs/job-catalog.js';
import { withoutVector, type KnowledgeFigures } from '#domain/knowledge/knowledge-overview.js';
import { replyActions } from '#domain/replies/operator-replies.js';
import { microsPerDollar } from '#domain/spending/budget.js';
import { onModelCall, type ModelCallEvent } from '../openai/model-calls.js';
import type { LaneDepth } from '../queue/lane-depths.js';
import { searchWays, type SearchWay } from '../postgres/knowledge.js';
import type { WorkOverview } from '../postgres/work-overview.js';
import type { CircuitState } from '../resilience/guarded.js';
import { onVendorEvent } from '../resilience/vendor-events.js';

/** What is asked at each scrape; undefined is left out of the answer instead of holding it up. */
export interface MetricSources {
  readonly work: () => Promise<WorkOverview | undefined>;
  readonly lanes: () => Promise<Readonly<Record<Lane, LaneDepth>> | undefined>;
  readonly knowledge: () => Promise<KnowledgeFigures | undefined>;
  readonly circuits: () => readonly CircuitState[];
  readonly pool: () => { readonly total: number; readonly idle: number; readonly waiting: number };
}

export interface StepEnd {
  readonly job: string;
  readonly result: 'done' | 'skipped' | 'later' | 'parked';
  /** The kind of error behind it; 'none' when nothing failed. */
  readonly error: string;
  readonly seconds: number;
}

const prefix = 'instachatico_';
const quick = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5];
const slow = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40];
const circuitFigures = { closed: 0, 'half-open': 1, open: 2 } as const;

/**
 * What Prometheus reads. What happens in this process is counted as it happens; how all the work stands is asked of the
 * database, so every process tells the same about it and no restart forgets. Labels come from closed lists: no id, no
 * name and no word of a customer's ever stands here.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #deliveries = this.#histogram('webhook_seconds', 'Deliveries, by HTTP status', ['status'], quick);
  readonly #duplicates = this.#counter('duplicates_suppressed_total', 'Comments that came again and changed nothing');
  readonly #local = this.#labelled('decided_locally_total', 'Comments decided without a model, by rule', ['rule']);
  readonly #searches = this.#labelled('knowledge_searches_total', 'Searches, by words and meaning or why not', ['way']);
  readonly #steps = this.#histogram('step_seconds', 'Steps of the work', ['job', 'result', 'error'], slow);
  readonly #calls = this.#histogram('upstream_seconds', 'Calls to vendors', ['call', 'outcome'], slow);
  readonly #modelCalls = this.#labelled('model_calls_total', 'Calls to models', ['task', 'model', 'outcome']);
  readonly #tokens = this.#labelled('model_tokens_total', 'Tokens of models', ['task', 'model', 'kind']);
  readonly #dollars = this.#labelled('model_dollars_total', 'What models cost', ['task', 'model']);
  readonly #stops: readonly (() => void)[];

  /** @param models those of the settings; all others are one */
  constructor(
    private readonly sources: MetricSources,
    private readonly models: readonly string[] = [],
  ) {
    collectDefaultMetrics({ register: this.registry, prefix });
    for (const way of searchWays) this.#searches.inc({ way }, 0); // a way that is never taken is seen, too
    for (const rule of localRules) this.#local.inc({ rule }, 0); // as above
    this.#stops = [
      onVendorEvent((event) => {
        if (event.kind === 'called') {
          this.#calls.observe({ call: event.circuit, outcome: event.outcome }, event.ms / 1_000);
        }
      }),
      onModelCall((event) => this.#modelCall(event)),
    ];
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.registry.clear();
  }

  delivery(status: number, seconds: number): void {
    this.#deliveries.observe({ status: String(status) }, seconds);
  }

  duplicates(count: number): void {
    this.#duplicates.inc(count);
  }

  decidedLocally(rule: LocalRule): void {
    this.#local.inc({ rule });
  }

  searched(way: SearchWay): void {
    this.#searches.inc({ way });
  }

  #modelCall({ task, model: asked, outcome, usage, cost = 0 }: ModelCallEvent): void {
    const model = this.models.find((known) => known === asked) ?? 'other';
    this.#modelCalls.inc({ task, model, outcome });
    const { inputTokens, cachedTokens, outputTokens } = usage;
    // Together they are all: what came from the cache is not counted twice.
    this.#tokens.inc({ task, model, kind: 'input' }, Math.max(0, inputTokens - cachedTokens));
    this.#tokens.inc({ task, model, kind: 'cached' }, cachedTokens);
    this.#tokens.inc({ task, model, kind: 'output' }, outputTokens);
    this.#dollars.inc({ task, model }, cost / microsPerDollar);
  }

  step({ seconds, ...labels }: StepEnd): void {
    this.#steps.observe(labels, seconds);
  }

  /** @returns the text of a scrape, and its content type */
  async scrape(): Promise<{ readonly text: string; readonly type: string }> {
    const [work, lanes, knowledge] = await Promise.all([
      this.sources.work(),
      this.sources.lanes(),
      this.sources.knowledge(),
    ]);
    // Filled anew for each scrape and read in the same tick: what could not be asked is absent, not out of date.
    const asked = new Registry();
    if (work) this.#writeWork(asked, work);
    if (lanes) writeLanes(asked, lanes);
    if (knowledge) writeKnowledge(asked, knowledge);
    const up = gauge(asked, 'source_up', 'Whether this could be asked for the scrape', ['source']);
    up.set({ source: 'database' }, work ? 1 : 0);
    up.set({ source: 'queue' }, lanes ? 1 : 0);
    const breakers = gauge(asked, 'breaker_state', '0 closed, 1 half-open, 2 open; of this process', ['call']);
    for (const { name, state } of this.sources.circuits()) breakers.set({ call: name }, circuitFigures[state]);
    const pool = gauge(asked, 'database_connections', 'Of this process; waiting: who waits for one', ['state']);
    for (const [state, figure] of Object.entries(this.sources.pool())) pool.set({ state }, figure);
    const all = Registry.merge([this.registry, asked]);
    return { text: await all.metrics(), type: all.contentType };
  }

  #writeWork(asked: Registry, work: WorkOverview): void {
    const {
      accepted,
      ended,
      underWay,
      oldestUndecidedMs,
      open,
      repliesSent,
      repliesWaiting,
      openIncidents,
      hideReviews,
    } = work;
    gauge(asked, 'comments_accepted', 'Comments ever stored: ended and under way together').set(accepted);
    const endings = gauge(asked, 'comments_ended', 'Finished comments by outcome', ['outcome']);
    for (const [outcome, figure] of Object.entries(ended)) endings.set({ outcome }, figure);
    const stages = gauge(asked, 'comments_under_way', 'Unfinished comments by stage', ['stage']);
    for (const [stage, figure] of Object.entries({ received: 0, acting: 0, ...underWay }))
      stages.set({ stage }, figure);
    gauge(asked, 'oldest_undecided_seconds', 'Age of the oldest comment that nobody has understood yet').set(
      oldestUndecidedMs / 1_000,
    );
    const rows = gauge(asked, 'open_rows', 'Rows that machines still have to do something about', ['kind', 'state']);
    const due = gauge(asked, 'due_rows', 'Those that should have been taken by now', ['kind', 'state']);
    for (const { kind, state, rows: all, due: now } of open) {
      rows.set({ kind, state }, all);
      due.set({ kind, state }, now);
    }
    const reconciling = open.filter(({ state }) => state === 'unknown').reduce((sum, one) => sum + one.rows, 0);
    gauge(asked, 'replies_unclear', 'Replies that are being looked for in their threads').set(reconciling);
    gauge(asked, 'replies_sent', 'Replies ever published').set(repliesSent);
    gauge(asked, 'replies_waiting', 'Drafts that a person has to decide on').set(repliesWaiting);
    const decided = gauge(asked, 'reply_actions', 'What people decided about replies, ever', ['action']);
    for (const action of replyActions) decided.set({ action }, work.replyActions[action] ?? 0);
    const reviews = gauge(asked, 'hide_reviews', 'Hides sampled for review, by what people said of them', ['verdict']);
    for (const [verdict, figure] of Object.entries({ open: 0, right: 0, wrong: 0, ...hideReviews }))
      reviews.set({ verdict }, figure);
    const incidents = gauge(asked, 'incidents_open', 'What operators are told about the system itself', ['kind']);
    for (const [kind, figure] of Object.entries(openIncidents)) incidents.set({ kind }, figure);
  }

  #labelled<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name: `${prefix}${name}`, help, labelNames, registers: [this.registry] });
  }

  #counter(name: string, help: string): Counter {
    return new Counter({ name: `${prefix}${name}`, help, registers: [this.registry] });
  }

  #histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    buckets: number[],
  ): Histogram<Label> {
    return new Histogram({ name: `${prefix}${name}`, help, labelNames, buckets, registers: [this.registry] });
  }
}

function writeLanes(asked: Registry, lanes: Readonly<Record<Lane, LaneDepth>>): void {
  const depth = gauge(asked, 'queue_jobs', 'Jobs in the queue', ['lane', 'state']);
  for (const [lane, states] of Object.entries(lanes)) {
    for (const [state, figure] of Object.entries(states)) depth.set({ lane, state }, figure);
  }
}

function writeKnowledge(asked: Registry, figures: KnowledgeFigures): void {
  const documents = gauge(asked, 'documents', 'Documents by the state of their newest version', ['state']);
  for (const [state, figure] of Object.entries(figures.documents)) documents.set({ state }, figure);
  gauge(asked, 'passages', 'Passages that can be quoted').set(figures.passages);
  const help = 'Passages without a vector of the model of the settings: found by their words only';
  gauge(asked, 'passages_without_vector', help).set(withoutVector(figures));
}

function gauge<Label extends string>(of: Registry, name: string, help: string, labelNames: Label[] = []): Gauge<Label> {
  return new Gauge({ name: `${prefix}${name}`, help, labelNames, registers: [of] });
}
