import { Agent, type Dispatcher } from 'undici';
import type { FetchedFile, FileSource } from '#domain/knowledge/file-source.js';
import { mostFileBytes } from '#domain/knowledge/file-kind.js';
import { AppError } from '#domain/shared/errors.js';
import { isOutside, outsideAgent } from '../resilience/outside.js';

/** A bucket in which others may put files for us. */
export interface ForeignBucket {
  readonly bucket: string;
  openForeign(key: string): Promise<AsyncIterable<Uint8Array>>;
}

export interface AddressedFilesOptions {
  /** Undefined: files are kept in a folder, and no bucket is asked. */
  readonly bucket?: ForeignBucket | undefined;
  /** Where somebody on this machine plays the internet, `http://127.0.0.1:3002`: asked as it is. For tests. */
  readonly playedAt?: string | undefined;
}

/** The whole file, its redirects included. */
const withinMs = 60_000;
const mostRedirects = 3;
const sockets = 4;

/** For servers whose addresses do not end as the file would. */
const endings: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'text/csv': 'csv',
  'text/plain': 'txt',
  'text/markdown': 'md',
  'text/html': 'html',
};

/**
 * Fetches what a person gave the address of: https of the public internet (audit 53), where each redirect is looked at as
 * the first address was, or an object of our own bucket.
 */
export class AddressedFiles implements FileSource {
  readonly #outside = outsideAgent({ connections: sockets, maxResponseSize: mostFileBytes });
  readonly #here = new Agent({ connections: sockets, maxResponseSize: mostFileBytes });

  constructor(private readonly options: AddressedFilesOptions = {}) {}

  async open(address: string): Promise<FetchedFile> {
    if (/^s3:\/\//iu.test(address)) return await this.#fromBucket(address);
    const signal = AbortSignal.timeout(withinMs);
    let url = URL.canParse(address) ? new URL(address) : undefined;
    for (let left = mostRedirects; url && left >= 0; left -= 1) {
      const answer = await this.#ask(url, signal);
      if (answer.statusCode === 200) return { name: nameOf(url, answer.headers), content: whole(answer.body) };
      answer.body.on('error', () => undefined).destroy(); // nobody reads it
      const next = [301, 302, 303, 307, 308].includes(answer.statusCode) ? answer.headers['location'] : undefined;
      if (answer.statusCode >= 500) throw away(`it answers HTTP ${answer.statusCode}`);
      if (typeof next !== 'string') throw refused(`it answers HTTP ${answer.statusCode}`);
      url = URL.canParse(next, url.href) ? new URL(next, url) : undefined;
    }
    throw refused('it is no address, or leads on too often');
  }

  /** Nest calls it when a process ends. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.#outside.destroy(), this.#here.destroy()]);
  }

  async #ask(url: URL, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const here = this.options.playedAt !== undefined && url.origin === this.options.playedAt;
    if (!here && !isOutside(url)) throw refused('only https addresses of the public internet are asked');
    const path = `${url.pathname}${url.search}`;
    try {
      const agent = here ? this.#here : this.#outside;
      return await agent.request({ origin: url.origin, path, method: 'GET', signal, headers: { accept: '*/*' } });
    } catch (error) {
      const closed = error instanceof Error && 'code' in error && error.code === 'EACCES';
      throw closed
        ? refused('its name leads to a machine that is not on the public internet')
        : away('it does not answer', error);
    }
  }

  async #fromBucket(address: string): Promise<FetchedFile> {
    const { bucket } = this.options;
    const [, name = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/isu.exec(address) ?? [];
    if (!bucket) throw refused('no bucket is configured: see S3_BUCKET');
    if (name !== bucket.bucket) throw refused(`only the bucket ${bucket.bucket} is asked`);
    try {
      return { name: key.split('/').at(-1) ?? key, content: await bucket.openForeign(key) };
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not-found')
        throw refused('the bucket has no such object', error);
      throw error;
    }
  }
}

/** What breaks off or takes too long is to be asked for again. */
async function* whole(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
    throw tooLarge
      ? refused('the file is larger than 50 MB', error)
      : away('the file broke off, or took too long', error);
  }
}

function nameOf(url: URL, headers: Dispatcher.ResponseData['headers']): string {
  const disposition = String(headers['content-disposition'] ?? '');
  const given = /filename="?(?<name>[^";]{1,300})"?/iu.exec(disposition)?.groups?.['name'];
  const last = decoded(url.pathname.split('/').at(-1) ?? '');
  const name = given ?? last;
  const [type = ''] = String(headers['content-type'] ?? '').split(';');
  const ending = endings[type.trim().toLowerCase()];
  return /\.[a-z]{2,8}$/iu.test(name) || ending === undefined ? name : `${name || url.hostname}.${ending}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refused(why: string, cause?: unknown): AppError {
  return new AppError('invalid', `The address is not taken: ${why}.`, { cause });
}

function away(why: string, cause?: unknown): AppError {
  return new AppError('unavailable', `The file at this address could not be fetched: ${why}. Try again.`, { cause });
}
