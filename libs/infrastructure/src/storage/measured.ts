import { createHash } from 'node:crypto';
import { AppError } from '#domain/shared/errors.js';

/** A stream that is counted and hashed as it passes. */
export interface Measured {
  readonly content: AsyncIterable<Uint8Array>;
  /** Of what has passed so far. */
  readonly bytes: () => number;
  /** SHA-256 in hexadecimal; once, when all has passed. */
  readonly hash: () => string;
}

/** @throws AppError 'invalid' from its content, as soon as more than `maxBytes` have come */
export function measured(source: AsyncIterable<Uint8Array>, maxBytes: number): Measured {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new AppError('invalid', `The file is larger than ${inMegabytes(maxBytes)}.`);
      hash.update(chunk);
      yield chunk;
    }
  }
  return { content: pass(), bytes: () => bytes, hash: () => hash.digest('hex') };
}

export function inMegabytes(bytes: number): string {
  return `${Math.floor(bytes / (1024 * 1024))} MB`;
}
