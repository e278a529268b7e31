import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { readSuggestions } from './sandbox-api.js';
import { className } from './way.js';
import type { Suggestion } from './wire.js';

interface SamplesProps {
  readonly postId: string;
  readonly disabled: boolean;
  onPick(text: string): void;
}

/** Sample comments, one tap away; those made for the opened post come first. */
export function Samples({ postId, disabled, onPick }: SamplesProps): JSX.Element | null {
  const samples = useSamples();
  if (samples.length === 0) return null;
  const fitting = [
    ...samples.filter(({ mediaId }) => mediaId === postId),
    ...samples.filter(({ mediaId }) => mediaId !== postId),
  ];
  return (
    <div class="samples" role="group" aria-label="Sample comments: a tap posts one">
      <span class="samples-label" aria-hidden="true">
        Or tap one:
      </span>
      <ul>
        {fitting.map((sample) => (
          <li key={sample.text}>
            <button type="button" class="sample" disabled={disabled} onClick={() => onPick(sample.text)}>
              <span class="class-dot" data-class={sample.class} title={className(sample.class)} />
              <span class="sample-text" dir="auto" lang={sample.language}>
                {sample.text}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Samples are a convenience: when they cannot be read, the page works without them. */
function useSamples(): readonly Suggestion[] {
  const [samples, setSamples] = useState<readonly Suggestion[]>([]);
  useEffect(() => {
    readSuggestions().then(setSamples, () => setSamples([]));
  }, []);
  return samples;
}
