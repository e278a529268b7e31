import { once, setMaxListeners } from 'node:events';
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Seeded } from '../../support/seeded.js';

/** What a network does to a connection without ending the server behind it. */
export const illnesses = ['latency', 'jitter', 'slow', 'hang', 'reset', 'cut in mid-response', 'slices'] as const;
export type Illness = (typeof illnesses)[number];

const latencyMs = 2_000;
const mostJitterMs = 1_500;
const slowBytesPerSecond = 1_024;
const sliceBytes = 16;
const betweenSlicesMs = 5;
/** An answer is cut after so many bytes: within the head of an HTTP answer, within a row of PostgreSQL. */
const cutAfterBytes = 60;

/** A TCP connection's two ends: who called, and the server. */
interface Pair {
  readonly near: net.Socket;
  readonly far: net.Socket;
  /** Bytes of the server's answer that were passed on since the illness began. */
  answered: number;
}

/** The way to one server, which can fall ill. While healthy it passes everything on at once. */
export class SickLink {
  private readonly pairs = new Set<Pair>();
  private readonly server: net.Server;
  private illness: Illness | undefined;
  /** Aborted when the illness ends: nobody waits on. */
  private healing = untilHealed();

  private constructor(
    private readonly target: { readonly host: string; readonly port: number },
    private readonly chance: Seeded,
  ) {
    this.server = net.createServer((near) => this.open(near));
  }

  static async to(port: number, chance = new Seeded(1)): Promise<SickLink> {
    const link = new SickLink({ host: '127.0.0.1', port }, chance);
    link.server.listen(0, '127.0.0.1');
    await once(link.server, 'listening');
    return link;
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  fallIll(illness: Illness): void {
    this.illness = illness;
    for (const pair of this.pairs) pair.answered = 0;
  }

  heal(): void {
    const was = this.illness;
    this.illness = undefined;
    this.healing.abort();
    this.healing = untilHealed();
    // What was swallowed cannot be continued: those connections are over.
    if (was === 'hang') for (const { near } of this.pairs) near.destroy();
  }

  close(): void {
    this.server.close();
    this.healing.abort();
    for (const { near } of this.pairs) near.destroy();
  }

  private open(near: net.Socket): void {
    const far = net.connect(this.target.port, this.target.host);
    const pair: Pair = { near, far, answered: 0 };
    this.pairs.add(pair);
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
    }
    near.on('close', () => far.destroy());
    far.on('close', () => {
      near.destroy();
      this.pairs.delete(pair);
    });
    void this.carry(pair, near, far);
    void this.carry(pair, far, near);
  }

  /** One chunk after the other, so that a slow way holds up whoever writes. */
  private async carry(pair: Pair, from: net.Socket, to: net.Socket): Promise<void> {
    try {
      for await (const chunk of from) await this.pass(pair, chunk as Buffer, to); // no encoding is set: Buffers
      to.end();
    } catch {
      // A connection that breaks ends both ends: see `open`.
    }
  }

  private async pass(pair: Pair, chunk: Buffer, to: net.Socket): Promise<void> {
    switch (this.illness) {
      case 'latency':
        // There and back together; the answer only, so that it is not twice as long.
        if (to === pair.near) await this.pause(latencyMs);
        break;
      case 'jitter':
        await this.pause(this.chance.between(0, mostJitterMs));
        break;
      case 'slow':
        return await this.inSlices(chunk, to, slowBytesPerSecond / 10, 100);
      case 'slices':
        return await this.inSlices(chunk, to, sliceBytes, betweenSlicesMs);
      case 'hang':
        return; // taken, and never passed on
      case 'reset':
        pair.far.destroy();
        pair.near.resetAndDestroy();
        return;
      case 'cut in mid-response':
        return this.cut(pair, chunk, to);
      case undefined:
    }
    await written(to, chunk);
  }

  private async inSlices(chunk: Buffer, to: net.Socket, size: number, pauseMs: number): Promise<void> {
    for (let at = 0; at < chunk.length; at += size) {
      await written(to, chunk.subarray(at, at + size));
      await this.pause(pauseMs);
    }
  }

  private cut(pair: Pair, chunk: Buffer, to: net.Socket): void {
    if (to === pair.far) return void to.write(chunk);
    const left = cutAfterBytes - pair.answered;
    pair.answered += chunk.length;
    if (chunk.length < left) return void to.write(chunk);
    to.end(chunk.subarray(0, Math.max(0, left)), () => pair.far.destroy());
  }

  private async pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.healing.signal }).catch(() => undefined);
  }
}

function untilHealed(): AbortController {
  const healing = new AbortController();
  setMaxListeners(0, healing.signal); // as many as there are connections
  return healing;
}

async function written(to: net.Socket, chunk: Buffer): Promise<void> {
  if (to.destroyed || to.write(chunk)) return;
  await Promise.race([once(to, 'drain'), once(to, 'close')]);
}
