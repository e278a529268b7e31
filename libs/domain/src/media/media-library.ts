import type { MediaId } from '../shared/ids.js';
import type { Media } from './media.js';

/** The posts we have seen. */
export abstract class MediaLibrary {
  abstract find(id: MediaId): Promise<Media | undefined>;
  /** Stores or refreshes what the platform says about a post. Safe to call twice. */
  abstract remember(media: Media): Promise<void>;
}
