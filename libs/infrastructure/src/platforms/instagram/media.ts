import type { Media } from '#domain/media/media.js';
import type { MediaReader, Picture, PictureReader } from '#domain/platforms/platform.js';
import { storableText } from '#domain/shared/text.js';
import type { PictureLoader } from '../../resilience/picture-loader.js';
import type { InstagramApi } from './instagram-api.js';
import { mediaObject, mediaPictures } from './instagram-schemas.js';

const child = 'id,media_type,media_url,thumbnail_url';
const described = 'caption,media_type,permalink,timestamp';

export class InstagramMedia implements MediaReader {
  readonly pictures: PictureReader;

  constructor(
    private readonly api: InstagramApi,
    loader: Pick<PictureLoader, 'load'>,
  ) {
    this.pictures = { read: async (request) => await this.#pictures(request, loader) };
  }

  async read({ accountId, mediaId }: Parameters<MediaReader['read']>[0]): Promise<Media> {
    const fields = `${described},media_url,thumbnail_url,children{${child}}`;
    const found = await this.api.read({ what: 'reading a post', path: [mediaId], query: { fields } }, mediaObject);
    const postedAt = new Date(found.timestamp ?? Number.NaN);
    return {
      id: mediaId,
      accountId,
      caption: storable(found.caption),
      type: storable(found.media_type),
      permalink: storable(found.permalink),
      postedAt: Number.isNaN(postedAt.getTime()) ? undefined : postedAt,
      pictures: shown({ ...found, id: mediaId }).map(({ id }) => storableText(id)),
    };
  }

  /** Asked for anew each time: the addresses are signed and expire. */
  async #pictures(
    { mediaId, most }: Parameters<PictureReader['read']>[0],
    loader: Pick<PictureLoader, 'load'>,
  ): Promise<readonly Picture[]> {
    const call = { what: 'reading pictures', path: [mediaId], query: { fields: `${child},children{${child}}` } };
    const found = await this.api.read(call, mediaPictures);
    return shown({ ...found, id: mediaId })
      .slice(0, most)
      .map(({ address }) => ({ load: async () => await loader.load(address) }));
  }
}

interface Shown {
  readonly id: string;
  readonly media_type?: string | null | undefined;
  readonly media_url?: string | null | undefined;
  readonly thumbnail_url?: string | null | undefined;
  readonly children?: { readonly data: readonly Omit<Shown, 'children'>[] } | null | undefined;
}

/** What can be looked at: of a carousel its children, of a video its still. Some have no address, for reasons of copyright. */
function shown(post: Shown): readonly { readonly id: string; readonly address: string }[] {
  const all = post.children && post.children.data.length > 0 ? post.children.data : [post];
  return all.flatMap(({ id, media_type: type, media_url: picture, thumbnail_url: still }) => {
    const address = type === 'VIDEO' ? still : picture;
    return typeof address === 'string' && address !== '' ? [{ id, address }] : [];
  });
}

function storable(text: string | null | undefined): string | undefined {
  return typeof text === 'string' ? storableText(text) : undefined;
}
