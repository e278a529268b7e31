import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { FileStore, StoredFile } from '#domain/knowledge/file-store.js';
import { AppError } from '#domain/shared/errors.js';
import type { Config } from '../config/config.js';
import { measured } from './measured.js';

type Settings = NonNullable<Config['files']['s3']>;

/** In a bucket that others may use too, ours are beneath this. */
const ours = 'instachatico/';
const keyPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;
/** What S3 asks of all parts but the last; two are on their way at once. */
const partBytes = 5 * 1024 * 1024;
const partsAtOnce = 2;
const connectWithinMs = 3_000;
const answerWithinMs = 30_000;
const tries = 3;

/** Files in a bucket of S3, or of a server that speaks it. What breaks off is no object there: parts are discarded. */
export class S3FileStore implements FileStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor({ bucket, endpoint, region, keys, pathStyle }: Settings) {
    this.#bucket = bucket;
    this.#client = new S3Client({
      region,
      forcePathStyle: pathStyle,
      maxAttempts: tries,
      // Servers that only speak S3 know the older ways of checking: TLS and the signature stay.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: connectWithinMs, requestTimeout: answerWithinMs },
      ...(endpoint !== undefined && { endpoint }),
      ...(keys && { credentials: { accessKeyId: keys.id, secretAccessKey: keys.secret } }),
    });
  }

  async put(content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredFile> {
    const key = randomUUID();
    const { content: counted, bytes, hash } = measured(content, maxBytes);
    const body = Readable.from(counted, { objectMode: false });
    // What the source says is the reason, whatever the client makes of it.
    let broken: Error | undefined;
    body.once('error', (error) => (broken = error));
    const upload = new Upload({
      client: this.#client,
      params: { Bucket: this.#bucket, Key: ours + key, Body: body, ContentType: 'application/octet-stream' },
      partSize: partBytes,
      queueSize: partsAtOnce,
    });
    try {
      await upload.done();
    } catch (error) {
      body.destroy();
      throw broken ?? translated(error);
    }
    return { key, bytes: bytes(), hash: hash() };
  }

  async open(key: string): Promise<AsyncIterable<Uint8Array>> {
    if (!keyPattern.test(key)) throw notFound();
    return await this.load(ours + key);
  }

  /** An object of the same bucket that somebody else put there. @throws AppError as `open`, 'not-found' for our own */
  async openForeign(key: string): Promise<AsyncIterable<Uint8Array>> {
    // Ours belong to one account each, and this door does not ask which.
    if (key === '' || key.startsWith(ours)) throw notFound();
    return await this.load(key);
  }

  get bucket(): string {
    return this.#bucket;
  }

  async remove(key: string): Promise<void> {
    if (!keyPattern.test(key)) return;
    await this.#client
      .send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: ours + key }))
      .catch((error: unknown) => {
        throw translated(error);
      });
  }

  async *olderThan(before: Date): AsyncGenerator<string> {
    let from: string | undefined;
    do {
      const page = await this.#client
        .send(new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: ours, ContinuationToken: from }))
        .catch((error: unknown) => {
          throw translated(error);
        });
      for (const { Key = '', LastModified } of page.Contents ?? []) {
        const key = Key.slice(ours.length);
        if (keyPattern.test(key) && LastModified && LastModified < before) yield key;
      }
      from = page.NextContinuationToken;
    } while (from !== undefined);
  }

  /** @throws AppError when the bucket does not answer, or refuses our keys */
  async check(): Promise<void> {
    await this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket })).catch((error: unknown) => {
      throw translated(error);
    });
  }

  private async load(name: string): Promise<AsyncIterable<Uint8Array>> {
    const { Body } = await this.#client
      .send(new GetObjectCommand({ Bucket: this.#bucket, Key: name }))
      .catch((error: unknown) => {
        throw translated(error);
      });
    if (!(Body instanceof Readable)) throw notFound();
    return Body;
  }
}

function notFound(): AppError {
  return new AppError('not-found', 'There is no file of this key.');
}

function translated(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const status = error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? 0) : 0;
  const name = error instanceof Error ? error.name : '';
  const options = { cause: error, detail: { status, name } };
  if (name === 'NoSuchBucket')
    return new AppError('misconfigured', 'The store of files has no such bucket: see S3_BUCKET.', options);
  if (status === 404) return new AppError('not-found', 'There is no file of this key.', options);
  if (status === 401 || status === 403)
    return new AppError('misconfigured', 'The store of files refuses our key: see S3_ACCESS_KEY_ID.', options);
  return new AppError('unavailable', 'The store of files does not answer now.', options);
}
