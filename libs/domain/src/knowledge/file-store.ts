/** The name of a stored file: made by us, never taken from who sent it. */
export interface StoredFile {
  readonly key: string;
  readonly bytes: number;
  /** SHA-256 of its content, in hexadecimal. */
  readonly hash: string;
}

/** Where uploaded files are kept: a folder, or a store that speaks S3. */
export abstract class FileStore {
  /**
   * Keeps a stream under a new key. What breaks off half-way leaves nothing.
   * @throws AppError 'invalid' as soon as more than `maxBytes` have come
   */
  abstract put(content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredFile>;
  /** @throws AppError 'not-found' */
  abstract open(key: string): Promise<AsyncIterable<Uint8Array>>;
  /** Safe to repeat. */
  abstract remove(key: string): Promise<void>;
  /** Keys that were stored before `before`, one after the other: for the search for those that no document owns. */
  abstract olderThan(before: Date): AsyncIterable<string>;
}
