import type { JSX } from 'preact';
import { CommentCard } from './comment-card.js';
import type { Explanations } from './explanations.js';
import { ago } from './time.js';
import { useNow } from './use-now.js';
import type { SandboxComment, TopLevelComment } from './wire.js';
import type { World } from './world.js';

interface ThreadProps {
  readonly top: TopLevelComment;
  readonly avatarUrl: string;
  readonly world: World;
  readonly explanations: Explanations;
  onWhy(comment: SandboxComment): void;
  onAnswer(comment: SandboxComment): void;
}

/** A comment and everything below it; Instagram knows one level. */
export function CommentThread({ top, avatarUrl, ...shared }: ThreadProps): JSX.Element {
  return (
    <li class="thread">
      <CommentCard comment={top} {...shared} />
      {top.replies.length > 0 && (
        <ol class="replies">
          {top.replies.map((reply) => (
            <li key={reply.id}>
              {reply.own ? (
                <OurReply reply={reply} avatarUrl={avatarUrl} />
              ) : (
                <CommentCard comment={reply} {...shared} />
              )}
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}

function OurReply({ reply, avatarUrl }: { readonly reply: SandboxComment; readonly avatarUrl: string }): JSX.Element {
  const now = useNow();
  return (
    <article class="comment ours">
      <img class="avatar" src={avatarUrl} alt="" width="32" height="32" />
      <div class="comment-body">
        <p class="byline">
          <b>{reply.username}</b> <span class="author-mark">author</span>
          <time class="quiet" dateTime={reply.timestamp}>
            {ago(reply.timestamp, now)}
          </time>
        </p>
        <p class="text" dir="auto">
          {reply.text}
        </p>
      </div>
    </article>
  );
}
