import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { Effect, Faults } from './faults.js';
import type { Ledger, LedgerEntry, Vendor } from './ledger.js';

export interface VendorAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface VendorCall {
  readonly vendor: Vendor;
  readonly call: string;
  readonly target: string;
  /** What a fault's `match.text` is looked for in. */
  readonly text: string;
  /** As the ledger shows it: without tokens. */
  readonly request: unknown;
}

/** Does the vendor's work; is told about an effect that only it can play: what a model says, what a list leaves out. */
export type VendorWork = (effect: Effect | undefined) => VendorAnswer;
/** How this vendor words a failure of its own. */
export type VendorError = (status: number) => unknown;

type Ending = { readonly kind: 'answer'; readonly answer: VendorAnswer } | { readonly kind: 'hang' | 'reset' };

/** Where every vendor call goes through: written into the ledger, spoiled by a fault when one is due, answered. */
export class VendorDesk {
  constructor(
    private readonly ledger: Ledger,
    private readonly faults: Faults,
  ) {}

  async serve(reply: FastifyReply, call: VendorCall, work: VendorWork, errorBody: VendorError): Promise<FastifyReply> {
    const entry = this.ledger.begin({
      vendor: call.vendor,
      call: call.call,
      target: call.target,
      request: call.request,
    });
    const strike = this.faults.take(call);
    if (strike) entry.fault = strike.effect.kind;
    const ending = await this.#play(strike?.effect, work, errorBody);
    if (ending.kind === 'answer') return send(reply, entry, ending.answer);

    reply.hijack();
    if (ending.kind === 'hang') void this.faults.released.then(() => reply.raw.destroy());
    else reply.raw.socket?.resetAndDestroy();
    return reply;
  }

  async #play(effect: Effect | undefined, work: VendorWork, errorBody: VendorError): Promise<Ending> {
    switch (effect?.kind) {
      case undefined:
      case 'output':
      case 'refusal':
      case 'incomplete':
      case 'obey':
      case 'lag':
        return answer(work(effect));
      case 'delay':
        await this.#wait(effect.ms);
        return answer(work(undefined));
      case 'status':
        return answer({
          status: effect.status,
          body: effect.body ?? errorBody(effect.status),
          ...(effect.headers && { headers: effect.headers }),
        });
      case 'html-502':
        return answer({
          status: 502,
          body: '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>Sorry</body></html>',
          headers: { 'content-type': 'text/html; charset=utf-8' },
        });
      case 'ok-without-id':
        work(undefined);
        return answer({ status: 200, body: {} });
      case 'do-then-status':
        work(undefined);
        return answer({ status: effect.status, body: effect.body ?? errorBody(effect.status) });
      case 'do-then-reset':
        work(undefined);
        return { kind: 'reset' };
      case 'do-then-hang':
        work(undefined);
        return { kind: 'hang' };
      case 'hang':
      case 'reset':
        return { kind: effect.kind };
    }
  }

  async #wait(ms: number): Promise<void> {
    const stop = new AbortController();
    await Promise.race([sleep(ms, undefined, { signal: stop.signal }).catch(() => undefined), this.faults.released]);
    stop.abort();
  }
}

function answer(value: VendorAnswer): Ending {
  return { kind: 'answer', answer: value };
}

function send(reply: FastifyReply, entry: LedgerEntry, { status, body, headers }: VendorAnswer): FastifyReply {
  entry.status = status;
  entry.response = body;
  return reply
    .code(status)
    .headers(headers ?? {})
    .send(body);
}
