import type { JSX } from 'preact';
import type { Explanations, Told } from './explanations.js';
import { Icon } from './icons.js';
import { ago } from './time.js';
import { useNow } from './use-now.js';
import { useTold } from './use-told.js';
import { busyWith, whyOf } from './way.js';
import { WayLine } from './way-line.js';
import type { Delivery, Explanation, SandboxComment } from './wire.js';
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
        {comment.hidden && (
          <p class="hidden-note">
            <Icon name="eyeOff" /> Hidden. Only the author still sees this.
          </p>
        )}
        <Thoughts
          told={told}
          thinking={thinking}
          delivery={world.deliveries.get(comment.id)}
          overdue={now - Date.parse(comment.timestamp) > heardWithinMs}
          onWhy={() => onWhy(comment)}
        />
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
      </div>
    </article>
  );
}

interface ThoughtsProps {
  readonly told: Told;
  readonly thinking: string | undefined;
  readonly delivery: Delivery | undefined;
  /** The system should have heard of the comment by now. */
  readonly overdue: boolean;
  onWhy(): void;
}

/** The system's side of the comment: its way, its thought, and what a person still has to do. */
function Thoughts({ told, thinking, delivery, overdue, onWhy }: ThoughtsProps): JSX.Element {
  const { explanation, unheard } = told;
  const lost = unheard && overdue;
  const busy = told.problem && !explanation ? 'waiting for the api' : busyWith(explanation, thinking);
  // A convenience for the mouse; everybody else has the button beside the name.
  const open = (): void => {
    if (getSelection()?.isCollapsed !== false) onWhy();
  };
  return (
    <div class="thoughts" onClick={open}>
      <WayLine explanation={explanation} busy={lost ? undefined : busy} />
      {lost && !delivery && <p class="quiet">The system has not heard of this comment.</p>}
      {explanation && <Sentences explanation={explanation} />}
      {explanation && <Waiting explanation={explanation} />}
      {delivery && !explanation && <p class="problem">{troubleOf(delivery)}</p>}
    </div>
  );
}

function Sentences({ explanation }: { readonly explanation: Explanation }): JSX.Element | null {
  const thought = explanation.comment.verdict?.reason;
  const why = whyOf(explanation);
  if (!thought && !why) return null;
  return (
    <dl class="sentences">
      {thought && (
        <div>
          <dt>Thinks</dt>
          <dd dir="auto">{thought}</dd>
        </div>
      )}
      {why && (
        <div>
          <dt>Does</dt>
          <dd>{why}</dd>
        </div>
      )}
    </dl>
  );
}

/** A draft that waits, and a suggestion to hide: both are for people, so they are marked as such. */
function Waiting({ explanation }: { readonly explanation: Explanation }): JSX.Element | null {
  const { reply, actions, hidden } = explanation.comment;
  const suggested = actions.includes('suggest-hide') && !hidden;
  const draft = reply?.state === 'waiting' && reply.text ? reply.text : undefined;
  if (!suggested && draft === undefined) return null;
  return (
    <>
      {draft !== undefined && (
        <div class="draft">
          <p class="draft-mark">Draft, waits for a person</p>
          <p dir="auto">{draft}</p>
        </div>
      )}
      {suggested && <p class="draft-mark">Hiding is suggested; a person decides</p>}
    </>
  );
}

function troubleOf({ status, attempts }: Delivery): string {
  const answer = status === null ? 'The api does not answer' : `The api answered the webhook with ${status}`;
  return `${answer} (${attempts} ${attempts === 1 ? 'try' : 'tries'}). Instagram delivers it again.`;
}

/** Longer than any webhook that works takes. */
const heardWithinMs = 15_000;

const hues = 6;
/** One customer, one colour. */
function hueOf(username: string): number {
  return [...username].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % hues;
}
