import type { JSX } from 'preact';
import { Icon } from './icons.js';
import { classNames } from './way.js';
import { hrefOfPost } from './view.js';
import type { Post, SandboxState } from './wire.js';
import { commentCount } from './world.js';

interface ProfileProps {
  readonly state: SandboxState;
  readonly openPostId: string | undefined;
}

/** The bakery's profile with its posts, as on Instagram. */
export function Profile({ state, openPostId }: ProfileProps): JSX.Element {
  const { account, posts } = state;
  const comments = posts.reduce((count, post) => count + commentCount(post), 0);
  return (
    <section class="part profile" aria-label={`Posts of ${account.username}`}>
      <div class="profile-head">
        <span class="ring">
          <img class="avatar avatar-large" src={account.avatarUrl} alt="" width="72" height="72" />
        </span>
        <div>
          <h2>{account.username}</h2>
          <p class="profile-name" dir="auto">
            {account.name}
          </p>
          <p class="quiet">
            <b>{posts.length}</b> posts · <b>{comments}</b> comments
          </p>
        </div>
      </div>
      <ul class="grid">
        {posts.map((post) => (
          <li key={post.id}>
            <PostLink post={post} open={post.id === openPostId} />
          </li>
        ))}
      </ul>
      <p class="hint">Open a post and write a comment as a customer: you will see what the system thinks and does.</p>
      <ul class="legend" aria-label="The seven classes and their colours">
        {Object.entries(classNames).map(([name, words]) => (
          <li key={name}>
            <span class="class-dot" data-class={name} />
            {words}
          </li>
        ))}
      </ul>
    </section>
  );
}

function PostLink({ post, open }: { readonly post: Post; readonly open: boolean }): JSX.Element {
  const count = commentCount(post);
  return (
    <a class="thumb" href={hrefOfPost(post.id)} aria-current={open ? 'true' : undefined}>
      <img src={post.pictureUrl} alt={post.caption} width="320" height="320" />
      {(post.pictures?.length ?? 0) > 1 && <Icon name="layers" />}
      {post.product === 'REELS' && <Icon name="play" />}
      <span class="thumb-count">
        <Icon name="talk" />
        {count}
        <span class="unseen"> comments</span>
      </span>
    </a>
  );
}
