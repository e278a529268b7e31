import type { z } from 'zod';
import type { AccessSource } from '#domain/accounts/access.js';
import { kindOf } from '#domain/shared/errors.js';
import { Guard, type CircuitState } from '../../resilience/guarded.js';
import { VendorHttp, type VendorAnswer, type VendorRequest } from '../../resilience/http.js';
import type { PlatformUsage } from '../../resilience/platform-limits.js';
import type { VendorConnection } from '../../resilience/vendor-connection.js';
import { graphError, unusableSuccess, type Asked } from './instagram-errors.js';
import { usageOf } from './instagram-usage.js';
import { parseLossless } from './lossless-json.js';

export interface ApiSettings {
  /** `https://graph.instagram.com`, or whoever plays it. */
  readonly baseUrl: string;
  /** `v26.0` */
  readonly version: string;
  readonly token: string;
  /** Whether a server on this machine plays it, pictures included. */
  readonly playedHere?: boolean;
  /** Calls at once; a few when it is not said. */
  readonly sockets?: number;
  /** Where the token in use comes from when it may change; without it `token` is the only one. */
  readonly access?: AccessSource;
}

/** What surrounds every call, for the account that the token belongs to. */
export interface CallWatch {
  /** @throws AppError 'rate-limited' when the platform asked to be left alone: nothing is sent */
  readonly before: () => Promise<void>;
  /** Hears what each answer says about our use of the limits. */
  readonly after: (usage: PlatformUsage) => void;
}

type Parameters = Readonly<Record<string, string>>;

interface Call extends Asked {
  /** `['17865799348089039', 'replies']` */
  readonly path: readonly string[];
  readonly query?: Parameters;
  readonly form?: Parameters;
  /** Instead of a form. */
  readonly json?: object;
  /** For the one call whose address has no version, and names the token as a parameter. */
  readonly unversioned?: true;
}

interface Attempt {
  readonly token: string;
  /** By `performance.now()`. */
  readonly startBy: number;
}

// Deadlines. Graph answers within two seconds as a rule; a publish has longer, because breaking it off costs a
// reconciliation. All stay below half of the shortest lease (30 s).
const publishMs = 12_000;
// What publishes begins soon or not at all: the right to do so was looked at just before (docs/reliability.md). Counted
// from before the limits and the token are asked for, and for the try with a newer token, too: those wait for the database.
const publishStartsWithinMs = 5_000;
const moderateMs = 10_000;
const readMs = 10_000;

/** The only place that talks to the Graph API. One breaker per kind of call: a slow read must not stop replies. */
export class InstagramApi implements VendorConnection {
  readonly #http: VendorHttp;
  readonly #publish = new Guard({ name: 'instagram publish', timeoutMs: publishMs });
  readonly #message = new Guard({ name: 'instagram message', timeoutMs: publishMs });
  readonly #moderate = new Guard({ name: 'instagram moderate', timeoutMs: moderateMs });
  readonly #read = new Guard({ name: 'instagram read', timeoutMs: readMs });

  constructor(
    private readonly settings: ApiSettings,
    private readonly watch?: CallWatch,
  ) {
    this.#http = new VendorHttp('Instagram', { sockets: settings.sockets });
  }

  /** POST that makes something new. Never add parameters beyond what the reference names (README, "Quirks"). */
  async publish<T>(call: Omit<Call, 'creates'>, schema: z.ZodType<T>): Promise<T> {
    return await this.#call(this.#publish, 'POST', { ...call, creates: true }, schema);
  }

  /** POST that sends a message. */
  async send<T>(call: Omit<Call, 'creates'>, schema: z.ZodType<T>): Promise<T> {
    return await this.#call(this.#message, 'POST', { ...call, creates: true }, schema);
  }

  /** POST that sets something: doing it twice is harmless. */
  async change<T>(call: Omit<Call, 'creates'>, schema: z.ZodType<T>): Promise<T> {
    return await this.#call(this.#moderate, 'POST', { ...call, creates: false }, schema);
  }

  /** Doing it twice is harmless: the second time it is gone. */
  async remove<T>(call: Omit<Call, 'creates'>, schema: z.ZodType<T>): Promise<T> {
    return await this.#call(this.#moderate, 'DELETE', { ...call, creates: false }, schema);
  }

  async read<T>(call: Omit<Call, 'creates'>, schema: z.ZodType<T>): Promise<T> {
    return await this.#call(this.#read, 'GET', { ...call, creates: false }, schema);
  }

  /** GET that makes a new token beside the old one: repeating it is harmless, nothing is lost with its answer. */
  async renewToken<T>(schema: z.ZodType<T>): Promise<T> {
    const query = { grant_type: 'ig_refresh_token' };
    const call = { what: 'renewing the token', path: ['refresh_access_token'], query, creates: false } as const;
    return await this.#call(this.#read, 'GET', { ...call, unversioned: true }, schema);
  }

  circuits(): readonly CircuitState[] {
    return this.#guards().map((guard) => guard.state());
  }

  async close(): Promise<void> {
    for (const guard of this.#guards()) guard.shutdown();
    await this.#http.close();
  }

  #guards(): readonly Guard[] {
    return [this.#publish, this.#message, this.#moderate, this.#read];
  }

  async #call<T>(guard: Guard, method: VendorRequest['method'], call: Call, schema: z.ZodType<T>): Promise<T> {
    const startBy = performance.now() + publishStartsWithinMs;
    await this.watch?.before();
    const token = (await this.settings.access?.current()) ?? this.settings.token;
    try {
      return await this.#callWith({ token, startBy }, guard, method, call, schema);
    } catch (error) {
      if (kindOf(error) !== 'reconnect') throw error;
      // A dead token did nothing. Another process may have renewed it, or somebody has put a new one in.
      const newer = await this.settings.access?.insteadOf(token);
      if (newer === undefined) throw error;
      return await this.#callWith({ token: newer, startBy }, guard, method, call, schema);
    }
  }

  async #callWith<T>(
    attempt: Attempt,
    guard: Guard,
    method: VendorRequest['method'],
    call: Call,
    schema: z.ZodType<T>,
  ): Promise<T> {
    const { token } = attempt;
    return await guard.run(async (signal) => {
      const answer = await this.#http.call(this.#request(method, call, attempt, signal));
      const usage = usageOf(answer);
      if (usage) this.watch?.after(usage);
      if (answer.status >= 200 && answer.status <= 299) return readSuccess(answer, call, schema, token);
      throw graphError(withoutToken(answer, token), call);
    });
  }

  #request(
    method: VendorRequest['method'],
    call: Call,
    { token, startBy }: Attempt,
    signal: AbortSignal,
  ): VendorRequest {
    const { baseUrl, version } = this.settings;
    const path = [...(call.unversioned ? [] : [version]), ...call.path].map((part) => encodeURIComponent(part));
    const url = new URL(`${baseUrl.replace(/\/+$/, '')}/${path.join('/')}`);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    if (call.unversioned) url.searchParams.set('access_token', token);
    const form = call.form && {
      body: new URLSearchParams(call.form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    };
    const json = call.json && {
      body: JSON.stringify(call.json),
      headers: { 'content-type': 'application/json' },
    };
    const body = form ?? json;
    return {
      method,
      url,
      creates: call.creates,
      ...(call.creates && { startWithinMs: startBy - performance.now() }),
      signal,
      ...body,
      headers: { ...body?.headers, authorization: `Bearer ${token}` },
    };
  }
}

/** Graph repeats a malformed token in its error message. */
function withoutToken(answer: VendorAnswer, token: string): VendorAnswer {
  return { ...answer, text: answer.text.replaceAll(token, '[token]') };
}

function readSuccess<T>(answer: VendorAnswer, asked: Asked, schema: z.ZodType<T>, token: string): T {
  let body: unknown;
  try {
    body = parseLossless(answer.text);
  } catch {
    throw unusableSuccess(answer, asked);
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  // Some gateways wrap a Graph error into a 200.
  if (typeof body === 'object' && body !== null && 'error' in body)
    throw graphError(withoutToken(answer, token), asked);
  throw unusableSuccess(answer, asked);
}
