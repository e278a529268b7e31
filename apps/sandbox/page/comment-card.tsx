import type { JSX } from 'preact';
import type { Explanations } from './explanations.js';
import { Icon } from './icons.js';
import { ago } from './time.js';
import { Thoughts } from './thoughts.js';
import { useNow } from './use-now.js';
import { useTold } from './use-told.js';
import type { SandboxComment } from './wire.js';
import type { World } from './world.js';

interface CommentCardProps {
  readonly comment: SandboxComment;
  readonly world: World;
  readonly explanations: Explanations;
  onWhy(comment: SandboxComment): void;
  onAnswer(comment: SandboxComment): void;
}

/** A customer's comment and, below it, what the system makes of it. */
export function CommentCard({ comment, world, explanations, onWhy, onAnswer }: CommentCardProps): JSX.Element {
  const now = useNow();
  const told = useTold(explanations, comment.id);
  const thinking = world.calls.find(({ commentText }) => commentText === comment.text)?.kind;
  return (
    <article id={`comment-${comment.id}`} class="comment" data-hidden={comment.hidden}>
      <span class="initial" aria-hidden="true" data-hue={hueOf(comment.username)}>
        {comment.username.slice(0, 1).toUpperCase()}
      </span>
      <div class="comment-body">
        <p class="byline">
          <b>{comment.username}</b>
          <time class="quiet" dateTime={comment.timestamp}>
            {ago(comment.timestamp, now)}
          </time>
        </p>
        <p class="text" dir="auto">
          {comment.text || <i>no text: a sticker or GIF</i>}
        </p>
        {comment.hidden && <HiddenNote />}
        <Thoughts
          told={told}
          thinking={thinking}
          delivery={world.deliveries.get(comment.id)}
          overdue={now - Date.parse(comment.timestamp) > heardWithinMs}
          onWhy={() => onWhy(comment)}
        />
        <Actions comment={comment} onWhy={onWhy} onAnswer={onAnswer} />
      </div>
    </article>
  );
}

function HiddenNote(): JSX.Element {
  return (
    <p class="hidden-note">
      <Icon name="eyeOff" /> Hidden. Only the author still sees this.
    </p>
  );
}

/** A hidden comment takes no reply, here as on Instagram. */
function Actions({ comment, onWhy, onAnswer }: Pick<CommentCardProps, 'comment' | 'onWhy' | 'onAnswer'>): JSX.Element {
  return (
    <p class="comment-actions">
      <button type="button" class="link-button" onClick={() => onWhy(comment)} aria-haspopup="dialog">
        Why?<span class="unseen"> Every step about the comment of {comment.username}</span>
      </button>
      {!comment.hidden && (
        <button type="button" class="link-button" onClick={() => onAnswer(comment)}>
          Reply<span class="unseen"> to {comment.username} as a customer</span>
        </button>
      )}
    </p>
  );
}

/** Longer than any webhook that works takes. */
const heardWithinMs = 15_000;

const hues = 6;
/** One customer, one colour. */
function hueOf(username: string): number {
  return [...username].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % hues;
}
