import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { metaJson, signatureHeaders, webhookPayload } from '../../../apps/sandbox/src/meta-payload.js';
import type { GraphComment } from '../../../apps/sandbox/src/world.js';

/** Before each further try of a delivery: at once, then with decreasing frequency. Meta's hours are seconds here. */
const pausesMs = [0, 250, 500, 1_000, 2_000, 4_000];
const answerWithinMs = 10_000;

export interface SenderReport {
  readonly deliveries: number;
  readonly tries: number;
  /** How often each status came; `none` is a broken connection. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Longest time in which an answer came that was not 200, in milliseconds. */
  readonly slowestRefusalMs: number;
}

/**
 * Meta's side of the webhook for load: signs, sends to one api after the other, and repeats each delivery until it is
 * answered 200. What it has seen acknowledged is what may not be lost.
 */
export class MetaLoad {
  readonly accepted = new Set<string>();
  private readonly agent = new Agent({ connections: 64, pipelining: 1 });
  private readonly statuses: Record<string, number> = {};
  private deliveries = 0;
  private tries = 0;
  private slowestRefusalMs = 0;
  private turn = 0;
  private stopped = false;

  constructor(
    private readonly apiUrls: readonly string[],
    private readonly appSecret: string,
  ) {}

  /**
   * Sends all deliveries, so many at once, and returns when every one was acknowledged.
   * @param mayGoOn is asked before each delivery and resolves when the next one may leave
   */
  async send(
    deliveries: readonly (readonly GraphComment[])[],
    atOnce: number,
    mayGoOn: () => Promise<void> = async () => {},
  ): Promise<void> {
    const waiting = deliveries.values();
    const lane = async (): Promise<void> => {
      for (const delivery of waiting) {
        if (this.stopped) return;
        await mayGoOn();
        await this.deliver(delivery);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
  }

  /** Until it is acknowledged. */
  async deliver(comments: readonly GraphComment[]): Promise<void> {
    this.deliveries += 1;
    for (let tries = 0; !this.stopped; tries += 1) {
      if ((await this.once(comments)) === 200) {
        for (const { id } of comments) this.accepted.add(id);
        return;
      }
      await wait(pausesMs[Math.min(tries, pausesMs.length - 1)]);
    }
  }

  /** One try. @returns the status; undefined without an answer */
  async once(comments: readonly GraphComment[]): Promise<number | undefined> {
    const url = this.apiUrls[(this.turn += 1) % this.apiUrls.length] ?? '';
    const body = metaJson(webhookPayload(comments, new Date()));
    this.tries += 1;
    const began = performance.now();
    let status: number | undefined;
    try {
      const answer = await request(`${url}/api/v1/webhook`, {
        method: 'POST',
        dispatcher: this.agent,
        headers: { 'content-type': 'application/json', ...signatureHeaders(body, this.appSecret) },
        body,
        signal: AbortSignal.timeout(answerWithinMs),
      });
      await answer.body.dump();
      status = answer.statusCode;
      if (status !== 200) this.slowestRefusalMs = Math.max(this.slowestRefusalMs, performance.now() - began);
    } catch {
      // No whole answer: whether it was stored is unknown, so it is sent again.
    }
    const name = String(status ?? 'none');
    this.statuses[name] = (this.statuses[name] ?? 0) + 1;
    return status;
  }

  report(): SenderReport {
    const { deliveries, tries, statuses, slowestRefusalMs } = this;
    return { deliveries, tries, statuses, slowestRefusalMs: Math.round(slowestRefusalMs) };
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.agent.destroy();
  }
}
