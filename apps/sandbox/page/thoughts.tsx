import type { JSX } from 'preact';
import type { Told } from './explanations.js';
import { busyWith, whyOf } from './way.js';
import { WayLine } from './way-line.js';
import type { Delivery, Explanation } from './wire.js';

interface ThoughtsProps {
  readonly told: Told;
  readonly thinking: string | undefined;
  readonly delivery: Delivery | undefined;
  /** The system should have heard of the comment by now. */
  readonly overdue: boolean;
  onWhy(): void;
}

/** The system's side of the comment: its way, its thought, and what a person still has to do. */
export function Thoughts({ told, thinking, delivery, overdue, onWhy }: ThoughtsProps): JSX.Element {
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
