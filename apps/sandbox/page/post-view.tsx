import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { CommentThread } from './comment-thread.js';
import { Composer } from './composer.js';
import type { Explanations } from './explanations.js';
import { Icon } from './icons.js';
import { Pictures } from './pictures.js';
import { ago } from './time.js';
import { useProblem } from './use-told.js';
import { useNow } from './use-now.js';
import type { Post, SandboxAccount, SandboxComment } from './wire.js';
import { commentCount, type World } from './world.js';

/** A busy post stays quick: older threads come on demand. */
const threadsAtFirst = 20;

interface PostViewProps {
  readonly post: Post;
  readonly account: SandboxAccount;
  readonly world: World;
  readonly explanations: Explanations;
  onWhy(comment: SandboxComment): void;
}

/** One post with its comments, newest first, so that what was just written is in sight. */
export function PostView({ post, account, world, explanations, onWhy }: PostViewProps): JSX.Element {
  const [shown, setShown] = useState(threadsAtFirst);
  const [answering, setAnswering] = useState<SandboxComment>();
  const [written, setWritten] = useState<string>();
  useScrollTo(written, post);
  const problem = useProblem(explanations);
  const heading = useFocusOnNarrowScreens();
  const threads = post.comments.toReversed();
  const older = threads.length - shown;

  return (
    <section class="part post" aria-labelledby="post-heading">
      <PostHead post={post} account={account} heading={heading} />
      <Composer
        post={post}
        answering={answering}
        onWritten={(id) => {
          setAnswering(undefined);
          setWritten(id);
        }}
        onCancel={() => setAnswering(undefined)}
      />
      <h3 class="comments-heading">
        Comments <span class="quiet">{commentCount(post)}</span>
      </h3>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {threads.length === 0 && <p class="empty">No comments yet. Write the first one, or tap a sample above.</p>}
      <ol class="threads">
        {threads.slice(0, shown).map((top) => (
          <CommentThread
            key={top.id}
            top={top}
            avatarUrl={account.avatarUrl}
            world={world}
            explanations={explanations}
            onWhy={onWhy}
            onAnswer={setAnswering}
          />
        ))}
      </ol>
      {older > 0 && (
        <button type="button" class="button button-wide" onClick={() => setShown(shown + threadsAtFirst)}>
          Show older comments ({older})
        </button>
      )}
    </section>
  );
}

interface PostHeadProps {
  readonly post: Post;
  readonly account: SandboxAccount;
  readonly heading: ReturnType<typeof useFocusOnNarrowScreens>;
}

function PostHead({ post, account, heading }: PostHeadProps): JSX.Element {
  const now = useNow();
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

/** Brings what the visitor has just written into sight, with room below for what the system makes of it. */
function useScrollTo(commentId: string | undefined, post: Post): void {
  const done = useRef<string | undefined>(undefined);
  useEffect(() => {
    const card = commentId === undefined ? undefined : document.getElementById(`comment-${commentId}`);
    if (!card || done.current === commentId) return;
    done.current = commentId;
    card.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, [commentId, post]);
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
