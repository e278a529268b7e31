import type { Media } from '#domain/media/media.js';
import type { MediaLibrary } from '#domain/media/media-library.js';
import type { MediaId } from '#domain/shared/ids.js';
import { Remembered } from './remembered.js';

/** What another process notes about a post is seen here after so long, in milliseconds. */
export const postIsFreshForMs = 60_000;
/** Posts under which people write at the same time; some kilobytes each. */
const mostPosts = 1_000;

/** A post that is talked about is read once a minute, not once per comment. One that is not known is asked for anew. */
export class CachedMediaLibrary implements MediaLibrary {
  readonly #known: Remembered<MediaId, Media>;
  readonly #noting = new WeakMap<Media, Promise<void>>();

  /** @param elapsedMs a clock that only goes forward */
  constructor(
    private readonly library: MediaLibrary,
    elapsedMs?: () => number,
  ) {
    this.#known = new Remembered({
      ask: async (id: MediaId) => await library.find(id),
      forMs: postIsFreshForMs,
      most: mostPosts,
      elapsedMs,
    });
  }

  async find(id: MediaId): Promise<Media | undefined> {
    return await this.#known.get(id);
  }

  /** Those who shared one reading of the post (SharedMediaReads) also note it once. */
  async remember(media: Media): Promise<void> {
    const noting = this.#noting.get(media) ?? this.#note(media);
    this.#noting.set(media, noting);
    await noting;
  }

  async changed(id: MediaId): Promise<void> {
    this.#known.forget(id);
    await this.library.changed(id);
  }

  async #note(media: Media): Promise<void> {
    try {
      await this.library.remember(media);
    } catch (error) {
      this.#noting.delete(media);
      throw error;
    } finally {
      this.#known.forget(media.id);
    }
  }
}
