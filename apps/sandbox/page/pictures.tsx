import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from './icons.js';
import type { Post } from './wire.js';

/** The picture of a post, or the pictures of a carousel one at a time. */
export function Pictures({ post }: { readonly post: Post }): JSX.Element {
  const [index, setIndex] = useState(0);
  const all = post.pictures && post.pictures.length > 0 ? post.pictures : [post.pictureUrl];
  const step = (by: number): void => setIndex((index + by + all.length) % all.length);
  return (
    <div class="pictures">
      <img src={all[index]} alt={`Picture of the post: ${post.caption}`} width="1080" height="1080" />
      {post.product === 'REELS' && (
        <span class="reel">
          <Icon name="play" /> Reel
        </span>
      )}
      {all.length > 1 && (
        <>
          <button type="button" class="turn turn-back" aria-label="Previous picture" onClick={() => step(-1)}>
            <Icon name="back" />
          </button>
          <button type="button" class="turn turn-next" aria-label="Next picture" onClick={() => step(1)}>
            <Icon name="next" />
          </button>
          <p class="dots" role="status">
            <span class="unseen">
              Picture {index + 1} of {all.length}
            </span>
            {all.map((url, at) => (
              <span key={url} class="dot" data-on={at === index} />
            ))}
          </p>
        </>
      )}
    </div>
  );
}
