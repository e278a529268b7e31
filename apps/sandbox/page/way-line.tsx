import type { JSX } from 'preact';
import { timeTaken, wayOf } from './way.js';
import type { Explanation } from './wire.js';

interface WayLineProps {
  readonly explanation: Explanation | undefined;
  /** What goes on right now. */
  readonly busy: string | undefined;
}

/** received → understood → policy → … in one line that wraps. */
export function WayLine({ explanation, busy }: WayLineProps): JSX.Element {
  const steps = explanation ? wayOf(explanation) : [];
  const taken = explanation && timeTaken(explanation);
  const verdict = explanation?.comment.verdict;
  return (
    <ol class="way" aria-label="What the system did">
      {steps.map(({ key, label, tone }) => (
        <li key={key}>
          <span class="step" data-tone={tone}>
            {tone === 'thought' && verdict && <span class="class-dot" data-class={verdict.class} />}
            {label}
          </span>
        </li>
      ))}
      {taken !== undefined && <li class="taken">{taken}</li>}
      {busy !== undefined && (
        <li key="busy">
          <span class="step" data-tone="busy">
            {busy}…
          </span>
        </li>
      )}
    </ol>
  );
}
