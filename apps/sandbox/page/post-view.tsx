import type { ComponentProps, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { CommentThread } from './comment-thread.js';
import { Composer } from './composer.js';
import type { Explanations } from './explanations.js';
import { PostHead } from './post-head.js';
import { useProblem } from './use-told.js';
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
  const [answering, setAnswering] = useState<SandboxComment>();
  const [written, setWritten] = useState<string>();
  useScrollTo(written, post);
  const problem = useProblem(explanations);
  const threads = post.comments.toReversed();

  return (
    <section class="part post" aria-labelledby="post-heading">
      <PostHead post={post} account={account} />
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
      <Threads
        threads={threads}
        avatarUrl={account.avatarUrl}
        world={world}
        explanations={explanations}
        onWhy={onWhy}
        onAnswer={setAnswering}
      />
    </section>
  );
}

interface ThreadsProps extends Omit<ComponentProps<typeof CommentThread>, 'top' | 'key' | 'ref'> {
  readonly threads: Post['comments'];
}

function Threads({ threads, ...shared }: ThreadsProps): JSX.Element {
  const [shown, setShown] = useState(threadsAtFirst);
  const older = threads.length - shown;
  return (
    <>
      <ol class="threads">
        {threads.slice(0, shown).map((top) => (
          <CommentThread key={top.id} top={top} {...shared} />
        ))}
      </ol>
      {older > 0 && (
        <button type="button" class="button button-wide" onClick={() => setShown(shown + threadsAtFirst)}>
          Show older comments ({older})
        </button>
      )}
    </>
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
