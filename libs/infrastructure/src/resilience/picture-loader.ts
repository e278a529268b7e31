import { Agent, type Dispatcher } from 'undici';
import { AppError } from '#domain/shared/errors.js';
import { outsideAgent } from './outside.js';
import { vendorError } from './vendor-failures.js';

export interface PictureSource {
  /** Domains whose hosts may be asked: `cdninstagram.com` stands for all under it. */
  readonly domains: readonly string[];
  /** Where somebody on this machine plays them, `http://127.0.0.1:3002`: asked as it is. */
  readonly playedAt?: string | undefined;
}

/** Beyond this models scale down anyway. */
const mostBytes = 8 * 1024 * 1024;
const withinMs = 10_000;
const sockets = 8;

/**
 * Loads pictures whose addresses come from outside (audit 53): https to known domains only, public addresses only, no
 * redirect, no credentials, at most 8 MB in ten seconds, and what comes has to be a picture.
 */
export class PictureLoader {
  readonly #outside = outsideAgent({ connections: sockets, maxResponseSize: mostBytes });
  readonly #here = new Agent({ connections: sockets, maxResponseSize: mostBytes });

  constructor(private readonly source: PictureSource) {}

  /**
   * @returns a data URL
   * @throws AppError 'rejected' when it is nothing to load or no picture, 'unavailable' when it did not come
   */
  async load(address: string): Promise<string> {
    const { url, agent } = this.#allowed(address);
    let bytes: Buffer;
    try {
      bytes = await read(agent, url);
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw vendorError('reset', 'the picture did not come', { creates: false });
    }
    const type = typeOf(bytes);
    if (type === undefined) throw notLoaded('it is neither JPEG, PNG, WebP nor GIF');
    return `data:${type};base64,${bytes.toString('base64')}`;
  }

  async close(): Promise<void> {
    await Promise.all([this.#outside, this.#here].map(async (agent) => await agent.destroy()));
  }

  #allowed(address: string): { readonly url: URL; readonly agent: Agent } {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (!url || url.username !== '' || url.password !== '') throw notLoaded('its address is none');
    if (this.source.playedAt !== undefined && url.origin === this.source.playedAt) return { url, agent: this.#here };
    const known = this.source.domains.some((domain) => url.hostname === domain || url.hostname.endsWith(`.${domain}`));
    if (url.protocol !== 'https:' || url.port !== '' || !known)
      throw notLoaded('its address is none of the platform\u2019s');
    return { url, agent: this.#outside };
  }
}

async function read(agent: Agent, url: URL): Promise<Buffer> {
  const path = `${url.pathname}${url.search}`;
  const signal = AbortSignal.timeout(withinMs);
  const options: Dispatcher.RequestOptions = { origin: url.origin, path, method: 'GET', signal };
  const { statusCode, body } = await agent.request({ ...options, headers: { accept: 'image/*' } });
  if (statusCode !== 200) {
    // Nobody reads it: that it broke off is what was wanted.
    body.on('error', () => undefined).destroy();
    // Addresses expire after some days; who asks for the post again gets new ones.
    throw statusCode >= 500
      ? vendorError('unavailable', `the picture: HTTP ${statusCode}`, { creates: false })
      : notLoaded(`HTTP ${statusCode}`);
  }
  return Buffer.from(await body.arrayBuffer());
}

/** By its first bytes: a header says what its sender likes. */
function typeOf(bytes: Buffer): string | undefined {
  const begins = (hex: string): boolean => bytes.subarray(0, hex.length / 2).toString('hex') === hex;
  if (begins('ffd8ff')) return 'image/jpeg';
  if (begins('89504e470d0a1a0a')) return 'image/png';
  if (begins('474946383761') || begins('474946383961')) return 'image/gif';
  return begins('52494646') && bytes.subarray(8, 12).toString('latin1') === 'WEBP' ? 'image/webp' : undefined;
}

function notLoaded(why: string): AppError {
  return vendorError('rejected', `the picture is not loaded: ${why}`, { creates: false });
}
