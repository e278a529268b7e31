import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icons.js';
import { Pictures } from './pictures.js';
import { ago } from './time.js';
import { useNow } from './use-now.js';
import type { Post, SandboxAccount } from './wire.js';

interface PostHeadProps {
  readonly post: Post;
  readonly account: SandboxAccount;
}

/** Picture, author and caption of the opened post. */
export function PostHead({ post, account }: PostHeadProps): JSX.Element {
  const now = useNow();
  const heading = useFocusOnNarrowScreens();
  return (
    <article class="post-head">
      <Pictures post={post} />
      <div class="post-words">
        <div class="author">
          <img class="avatar" src={account.avatarUrl} alt="" width="36" height="36" />
          <h2 id="post-heading" ref={heading} tabIndex={-1}>
            {account.username}
            <span class="unseen">: post</span>
          </h2>
          <time class="quiet" dateTime={post.timestamp}>
            {ago(post.timestamp, now)}
          </time>
        </div>
        <p class="caption" dir="auto">
          {post.caption}
        </p>
        <p class="likes">
          <Icon name="heart" /> {post.likes} likes
        </p>
      </div>
    </article>
  );
}

/** Where opening a post replaces the list, a keyboard or screen reader has to be taken along. */
function useFocusOnNarrowScreens() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!location.hash.startsWith('#post/') || !matchMedia('(max-width: 959px)').matches) return;
    heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, []);
  return heading;
}
