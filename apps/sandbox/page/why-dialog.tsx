import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Explanations } from './explanations.js';
import { Icon } from './icons.js';
import { after, timeOfDay } from './time.js';
import { useTold } from './use-told.js';
import { className } from './way.js';
import type { Decision, Explanation, SandboxComment } from './wire.js';

interface WhyDialogProps {
  readonly comment: SandboxComment;
  readonly explanations: Explanations;
  onClose(): void;
}

/** The whole ledger of one comment as a timeline; it grows while the dialog is open. */
export function WhyDialog({ comment, explanations, onClose }: WhyDialogProps): JSX.Element {
  const { explanation, problem, unheard } = useTold(explanations, comment.id);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  // A click that hits the dialog itself is one on the backdrop: its content fills it.
  const closeOutside = (event: MouseEvent): void => {
    if (event.target === dialog.current) dialog.current?.close();
  };

  return (
    <dialog ref={dialog} class="why" aria-labelledby="why-heading" onClose={onClose} onClick={closeOutside}>
      <div class="why-content">
        <header class="why-head">
          <h2 id="why-heading">Why this happened</h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        <blockquote class="why-comment">
          <b>{comment.username}</b>
          <p dir="auto">{comment.text}</p>
        </blockquote>
        {problem && <p class="problem">{problem}</p>}
        {unheard && <p class="empty">The system has not heard of this comment yet.</p>}
        {!explanation && !problem && !unheard && <p class="empty">Reading the ledger…</p>}
        {explanation && <Summary explanation={explanation} />}
        {explanation && <Timeline decisions={explanation.decisions} />}
      </div>
    </dialog>
  );
}

const outcomes: Readonly<Record<string, string>> = {
  answered: 'Answered by itself',
  hidden: 'Hidden',
  waiting: 'Waits for a person',
  told: 'Operators were told',
  'left-alone': 'Left as it is',
  own: 'Our own comment',
  parked: 'Stopped: a person decides',
};

function Summary({ explanation }: { readonly explanation: Explanation }): JSX.Element {
  const { outcome, verdict, reply } = explanation.comment;
  return (
    <dl class="facts">
      <dt>Outcome</dt>
      <dd>{outcome === null ? 'Not finished yet' : (outcomes[outcome] ?? outcome)}</dd>
      {verdict && (
        <>
          <dt>Verdict</dt>
          <dd>
            <span class="class-dot" data-class={verdict.class} /> {className(verdict.class)}, {verdict.confidence} %
            sure
          </dd>
        </>
      )}
      {reply?.text && (
        <>
          <dt>{reply.state === 'sent' ? 'Reply' : 'Draft'}</dt>
          <dd dir="auto">{reply.text}</dd>
        </>
      )}
      {reply && reply.sources.length > 0 && (
        <>
          <dt>Sources</dt>
          <dd>{[...new Set(reply.sources.map(({ title }) => title))].join(' · ')}</dd>
        </>
      )}
    </dl>
  );
}

function Timeline({ decisions }: { readonly decisions: readonly Decision[] }): JSX.Element {
  const start = decisions[0]?.at;
  return (
    <ol class="timeline">
      {decisions.map((decision) => (
        <li key={decision.id} data-step={decision.step}>
          <p class="timeline-head">
            <b>{decision.step}</b>
            <code>{decision.reason}</code>
            <time dateTime={decision.at}>{timeOfDay(decision.at)}</time>
            {start !== undefined && start !== decision.at && <span class="quiet">+{after(start, decision.at)}</span>}
          </p>
          <p>{decision.explanation}</p>
          <Details detail={decision.detail ?? {}} />
        </li>
      ))}
    </ol>
  );
}

function Details({ detail }: { readonly detail: Readonly<Record<string, unknown>> }): JSX.Element | null {
  const facts = Object.entries(detail).filter(([, value]) => value !== null && value !== '');
  if (facts.length === 0) return null;
  return (
    <dl class="details">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd dir="auto">{inWords(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(inWords).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
