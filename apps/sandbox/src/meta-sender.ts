import { Agent, request } from 'undici';
import type { Faults, Strike } from './faults.js';
import { fieldOf, metaJson, signatureHeaders, webhookPayload } from './meta-payload.js';
import type { GraphComment, World } from './world.js';

export type DeliveryState = 'trying' | 'delivered' | 'lost' | 'given-up';

export interface Delivery {
  readonly id: number;
  readonly ids: readonly string[];
  /** The receiver's last answer; null while it gave none. */
  status: number | null;
  attempts: number;
  state: DeliveryState;
  problem?: string;
}

export interface SenderSettings {
  readonly apiUrl: string;
  readonly appSecret: string | undefined;
  readonly verifyToken: string | undefined;
}

/** Seconds before each further try: at once, then with decreasing frequency, as Meta does for 36 hours. */
const pauses = [0, 1, 2, 5, 10, 30, 60, 120, 300];
const keepsTryingMs = 36 * 3_600_000;
/** Memory stays bounded when nobody listens: beyond this the oldest delivery is given up. */
const mostOpen = 10_000;
const keptDone = 200;
/** No figure is documented for page webhooks; nobody who acknowledges properly comes near it. */
const answerWithinMs = 20_000;

/** Meta's side of the webhook: signs, sends, repeats until it is acknowledged. */
export class MetaSender {
  readonly #agent = new Agent({ connections: 32 });
  readonly #open = new Map<number, { delivery: Delivery; comments: readonly GraphComment[]; since: number }>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #done: Delivery[] = [];
  #counts = { delivered: 0, lost: 0, 'given-up': 0 };
  #lastId = 0;
  #closed = false;

  constructor(
    private readonly settings: SenderSettings,
    private readonly world: World,
    private readonly faults: Faults,
    private readonly changed: (delivery: Delivery) => void,
  ) {}

  /**
   * Sends these comments in one webhook call, unless the account is not subscribed to them.
   * @returns after the first try and, if that failed, the one that follows at once; later tries go on by themselves
   */
  async deliver(comments: readonly GraphComment[]): Promise<Delivery> {
    this.#lastId += 1;
    const delivery: Delivery = {
      id: this.#lastId,
      ids: comments.map(({ id }) => id),
      status: null,
      attempts: 0,
      state: 'trying',
    };
    const subscribed = comments.filter((comment) => this.world.subscribedFields.includes(fieldOf(comment)));
    if (subscribed.length === 0) return this.#finish(delivery, 'lost', 'the account is not subscribed');
    if (this.settings.appSecret === undefined) return this.#finish(delivery, 'lost', 'APP_SECRET is not set');
    const strike = this.#strikeFor(subscribed);
    if (strike?.effect.kind === 'delay') {
      this.#remember(delivery, subscribed);
      this.#later(strike.effect.ms, delivery.id);
      return delivery;
    }
    if (strike) return this.#finish(delivery, 'lost', strike.id);
    this.#remember(delivery, subscribed);
    await this.#try(delivery.id);
    if (delivery.state === 'trying') await this.#try(delivery.id);
    return delivery;
  }

  /** What is on its way, what was done last, and how often what came out. */
  state(): { readonly open: readonly Delivery[]; readonly latest: readonly Delivery[]; readonly counts: object } {
    return { open: [...this.#open.values()].map(({ delivery }) => delivery), latest: this.#done, counts: this.#counts };
  }

  /** Meta's handshake, as from the dashboard. */
  async handshake(): Promise<{ readonly status: number | null; readonly ok: boolean }> {
    const challenge = String(Math.floor(Math.random() * 1e9));
    const query = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.challenge': challenge,
      'hub.verify_token': this.settings.verifyToken ?? '',
    });
    try {
      const answer = await request(`${this.#url}?${query.toString()}`, { dispatcher: this.#agent });
      return { status: answer.statusCode, ok: answer.statusCode === 200 && (await answer.body.text()) === challenge };
    } catch {
      return { status: null, ok: false };
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#agent.destroy();
  }

  get #url(): string {
    return `${this.settings.apiUrl}/api/v1/webhook`;
  }

  #strikeFor(comments: readonly GraphComment[]): Strike | undefined {
    for (const { id, text } of comments) {
      const strike = this.faults.take({ vendor: 'webhook', call: 'deliver', target: id, text });
      if (strike) return strike;
    }
    return undefined;
  }

  #remember(delivery: Delivery, comments: readonly GraphComment[]): void {
    this.#open.set(delivery.id, { delivery, comments, since: Date.now() });
    if (this.#open.size <= mostOpen) return;
    const [oldest] = this.#open.values();
    if (oldest) this.#finish(oldest.delivery, 'given-up', 'too many deliveries wait');
  }

  async #try(id: number): Promise<void> {
    const open = this.#open.get(id);
    if (!open || this.#closed) return;
    const { delivery } = open;
    delivery.attempts += 1;
    await this.#send(delivery, open.comments);
    if (delivery.status !== null && delivery.status >= 200 && delivery.status < 300) {
      this.#finish(delivery, 'delivered');
    } else if (Date.now() - open.since > keepsTryingMs) {
      this.#finish(delivery, 'given-up', 'not acknowledged for 36 hours');
    } else {
      this.changed(delivery);
      // The second try follows at once, by whoever waits for it.
      if (delivery.attempts > 1) this.#later((pauses[delivery.attempts - 1] ?? 300) * 1000, id);
    }
  }

  async #send(delivery: Delivery, comments: readonly GraphComment[]): Promise<void> {
    const body = metaJson(webhookPayload(comments, new Date()));
    try {
      const answer = await request(this.#url, {
        method: 'POST',
        dispatcher: this.#agent,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'facebookexternalua',
          ...signatureHeaders(body, this.settings.appSecret ?? ''),
        },
        body,
        signal: AbortSignal.timeout(answerWithinMs),
      });
      delivery.status = answer.statusCode;
      delete delivery.problem;
      await answer.body.dump();
    } catch (error) {
      delivery.status = null;
      delivery.problem = error instanceof Error ? error.message : 'no answer';
    }
  }

  #later(ms: number, id: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#try(id).then(() => this.#secondTry(id));
    }, ms);
    this.#timers.add(timer);
  }

  /** A first try that came late (a delay fault) also has its immediate repetition. */
  async #secondTry(id: number): Promise<void> {
    if (this.#open.get(id)?.delivery.attempts === 1) await this.#try(id);
  }

  #finish(delivery: Delivery, state: Exclude<DeliveryState, 'trying'>, problem?: string): Delivery {
    delivery.state = state;
    if (problem !== undefined) delivery.problem = problem;
    this.#open.delete(delivery.id);
    this.#counts[state] += 1;
    this.#done = [delivery, ...this.#done].slice(0, keptDone);
    this.changed(delivery);
    return delivery;
  }
}
