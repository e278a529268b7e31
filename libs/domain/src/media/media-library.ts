import type { MediaId } from '../shared/ids.js';
import type { Media } from './media.js';

/** The posts we have seen. */
export abstract class MediaLibrary {
  abstract find(id: MediaId): Promise<Media | undefined>;
  /** Stores or refreshes what the platform says about a post. Safe to call twice. */
  abstract remember(media: Media): Promise<void>;
  /** What is known of a post was changed elsewhere in this process: it is read anew. */
  abstract changed(id: MediaId): Promise<void>;
}
