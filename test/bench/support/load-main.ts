import { setTimeout as wait } from 'node:timers/promises';
import { deliveryRequest } from './deliveries.js';
import type { Latency, Order, Sent } from './load.js';
import { servePart } from './part.js';
import { RawClient } from './raw-client.js';
import { percentile } from './statistics.js';

type Command = { readonly kind: 'prepare' | 'send'; readonly order: Order };

/** Above this the requests are made as they leave: they would fill the memory. */
const keptBytes = 250_000_000;
const bytesPerComment = 1_100;
/** Before each further try: at once, then ever later. Meta's hours are seconds here. */
const pausesMs = [0, 250, 500, 1_000, 2_000, 4_000];

const prepared = new Map<number, readonly Buffer[]>();

/** One run of an order: its connections, and what has been measured so far. */
class Sending {
  private readonly latencies: number[] = [];
  private readonly statuses: Record<number, number> = {};
  private readonly idle: RawClient[] = [];
  private readonly waiting: { readonly number: number; readonly planned: number }[] = [];
  private readonly clients: readonly RawClient[];
  private readonly requests: readonly Buffer[] | undefined;
  private accepted = 0;
  private slowestAcceptedMs = 0;
  private ended = 0;
  private answers = 0;
  private finish: () => void = () => undefined;

  constructor(private readonly order: Order) {
    this.requests = prepared.get(order.wave);
    this.clients = Array.from({ length: order.connections }, () => new RawClient(order.port));
  }

  async run(): Promise<Sent> {
    const began = performance.now();
    const finished = new Promise<void>((resolve) => {
      this.finish = resolve;
    });
    this.idle.push(...this.clients);
    if (this.order.perSecond === undefined) this.sendNext();
    else await this.keepPace(began, this.order.perSecond);
    await finished;
    const seconds = (performance.now() - began) / 1_000;
    for (const client of this.clients) client.close();
    return {
      seconds,
      perSecond: this.answers / seconds,
      statuses: this.statuses,
      accepted: this.accepted,
      latency: latencyOf(this.latencies),
      slowestAcceptedMs: this.slowestAcceptedMs,
    };
  }

  private next = 0;

  private sendNext(): void {
    while (this.idle.length > 0 && this.next < this.order.deliveries) {
      this.dispatch(this.next, performance.now());
      this.next += 1;
    }
  }

  private async keepPace(began: number, perSecond: number): Promise<void> {
    while (this.next < this.order.deliveries) {
      const due = Math.min(this.order.deliveries, Math.floor(((performance.now() - began) * perSecond) / 1_000));
      for (; this.next < due; this.next += 1) this.dispatch(this.next, began + (this.next * 1_000) / perSecond);
      await wait(1);
    }
  }

  private dispatch(number: number, planned: number): void {
    const client = this.idle.pop();
    if (client) void this.deliver(client, number, planned, 0);
    else this.waiting.push({ number, planned });
  }

  private async deliver(client: RawClient, number: number, planned: number, tries: number): Promise<void> {
    const request = this.requests?.[number] ?? deliveryRequest(number, this.order);
    const sent = tries === 0 ? planned : performance.now();
    const status = await client.send(request);
    const ms = performance.now() - sent;
    this.answers += 1;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    if (tries === 0) this.latencies.push(ms);
    if (status === 200) {
      this.accepted += 1;
      this.slowestAcceptedMs = Math.max(this.slowestAcceptedMs, ms);
    } else if (this.order.repeat) {
      void this.repeatLater(number, tries);
      this.free(client);
      return;
    }
    this.ended += 1;
    if (this.ended === this.order.deliveries) this.finish();
    else this.free(client);
  }

  private async repeatLater(number: number, tries: number): Promise<void> {
    await wait(pausesMs[Math.min(tries, pausesMs.length - 1)]);
    const client = this.idle.pop() ?? new RawClient(this.order.port);
    void this.deliver(client, number, 0, tries + 1);
  }

  private free(client: RawClient): void {
    this.idle.push(client);
    const first = this.waiting.shift();
    if (first) this.dispatch(first.number, first.planned);
    else if (this.order.perSecond === undefined) this.sendNext();
  }
}

function latencyOf(latencies: readonly number[]): Latency {
  const sorted = latencies.toSorted((one, other) => one - other);
  const at = (share: number): number => percentile(sorted, share);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

async function follow({ kind, order }: Command): Promise<unknown> {
  if (kind === 'send') {
    const sent = await new Sending(order).run();
    prepared.delete(order.wave);
    return sent;
  }
  if (order.deliveries * order.comments * bytesPerComment > keptBytes) return undefined;
  prepared.set(
    order.wave,
    Array.from({ length: order.deliveries }, (_, number) => deliveryRequest(number, order)),
  );
  return undefined;
}

servePart(0, async (order) => await follow(order as Command)); // Load sends nothing else
