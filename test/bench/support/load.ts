import { type Part, startPart } from './part.js';
import type { Wave } from './deliveries.js';

/** How deliveries are sent. */
export interface Order extends Wave {
  readonly port: number;
  readonly connections: number;
  readonly deliveries: number;
  /** So many per second, whatever the answers take; undefined: each connection sends its next when it is answered. */
  readonly perSecond?: number;
  /** What is not answered 200 is sent again, at once and then ever later, until it is. */
  readonly repeat?: boolean;
}

/** What came of it. Times are milliseconds. */
export interface Sent {
  readonly seconds: number;
  /** Answers per second. */
  readonly perSecond: number;
  /** How often each status came; 0 is a broken connection. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Deliveries that were answered 200 in the end. */
  readonly accepted: number;
  /** First tries only, and at a fixed rate counted from when the delivery was to leave, not from when it could. */
  readonly latency: Latency;
  /** Of the answers 200 alone. */
  readonly slowestAcceptedMs: number;
}

export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** The load generator: a process of its own, so that neither it nor the measuring takes time from the other. */
export class Load {
  private constructor(private readonly part: Part) {}

  static async start(): Promise<Load> {
    return new Load(await startPart('support/load-main'));
  }

  get pid(): number {
    return this.part.pid;
  }

  /** Makes and signs what the next `send` with the same wave will send; resolves when it is ready. */
  async prepare(order: Order): Promise<void> {
    await this.part.ask({ kind: 'prepare', order });
  }

  /** Sends, and resolves when everything was answered. */
  async send(order: Order): Promise<Sent> {
    return await this.part.ask<Sent>({ kind: 'send', order });
  }

  async stop(): Promise<void> {
    await this.part.stop();
  }
}

/** Answers that were not 200. */
export function refused({ statuses }: Sent): number {
  return Object.entries(statuses).reduce((sum, [status, count]) => sum + (status === '200' ? 0 : count), 0);
}
