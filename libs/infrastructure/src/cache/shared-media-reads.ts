import { LRUCache } from 'lru-cache';
import type { Media } from '#domain/media/media.js';
import type { MediaReader, PictureReader } from '#domain/platforms/platform.js';
import { kindOf } from '#domain/shared/errors.js';
import type { MediaId } from '#domain/shared/ids.js';

type Request = Parameters<MediaReader['read']>[0];

/** A clear no: the post is deleted, or not ours to read. */
const clearNo: ReadonlySet<ReturnType<typeof kindOf>> = new Set(['gone', 'not-found', 'rejected', 'forbidden']);
/** It is not asked for again for so long, in milliseconds, however many people still write under it. */
export const noHoldsForMs = 60_000;
const mostNos = 1_000;

/**
 * A hundred comments at once under a new post ask the platform about it once. The post itself is not kept: the library
 * does that.
 */
export class SharedMediaReads implements MediaReader {
  readonly #underWay = new Map<MediaId, Promise<Media>>();
  readonly #nos: LRUCache<MediaId, Error>;

  readonly pictures?: PictureReader;

  /** @param elapsedMs a clock that only goes forward */
  constructor(
    private readonly reader: MediaReader,
    elapsedMs: () => number = () => performance.now(),
  ) {
    this.#nos = new LRUCache({ max: mostNos, ttl: noHoldsForMs, ttlResolution: 0, perf: { now: elapsedMs } });
    if (reader.pictures) this.pictures = reader.pictures;
  }

  async read(request: Request): Promise<Media> {
    const no = this.#nos.get(request.mediaId);
    if (no) throw no;
    return await (this.#underWay.get(request.mediaId) ?? this.#begin(request));
  }

  #begin(request: Request): Promise<Media> {
    const reading = this.#ask(request).finally(() => this.#underWay.delete(request.mediaId));
    this.#underWay.set(request.mediaId, reading);
    return reading;
  }

  async #ask(request: Request): Promise<Media> {
    try {
      return await this.reader.read(request);
    } catch (error) {
      if (error instanceof Error && clearNo.has(kindOf(error))) this.#nos.set(request.mediaId, error);
      throw error;
    }
  }
}
