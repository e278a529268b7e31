import type { Media } from '#domain/media/media.js';
import type { MediaReader, PictureReader } from '#domain/platforms/platform.js';
import type { MediaId } from '#domain/shared/ids.js';

type Request = Parameters<MediaReader['read']>[0];

/** A hundred comments at once under a new post ask the platform about it once. Nothing is kept: the library does that. */
export class SharedMediaReads implements MediaReader {
  readonly #underWay = new Map<MediaId, Promise<Media>>();

  readonly pictures?: PictureReader;

  constructor(private readonly reader: MediaReader) {
    if (reader.pictures) this.pictures = reader.pictures;
  }

  async read(request: Request): Promise<Media> {
    const reading = this.#underWay.get(request.mediaId) ?? this.#begin(request);
    return await reading;
  }

  #begin(request: Request): Promise<Media> {
    const reading = this.reader.read(request).finally(() => this.#underWay.delete(request.mediaId));
    this.#underWay.set(request.mediaId, reading);
    return reading;
  }
}
