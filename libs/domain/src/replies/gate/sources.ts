import { figuresIn, priceContext, type KnownFigure } from './figures.js';
import { substance } from './grounding.js';
import { plain } from './readings.js';

export interface KnownLine {
  /** As `plain` makes it. */
  readonly text: string;
  readonly about: readonly string[];
}

/** What the cited passages say, as the gate compares with it. */
export interface Known {
  /** As `plain` makes it. */
  readonly text: string;
  readonly lines: readonly KnownLine[];
  readonly figures: readonly KnownFigure[];
}

/** Six passages of the longest kind. */
const readCharacters = 30_000;
/** A line with fewer words of substance says elsewhere what it speaks of. */
const fewestWords = 2;
/** The same passages are asked about several times. */
const prepared = new WeakMap<readonly string[], Known>();

export function knownFrom(sources: readonly string[]): Known {
  const before = prepared.get(sources);
  if (before) return before;
  const parts = sources.map((source) =>
    partFrom(source.slice(0, readCharacters / Math.max(1, Math.min(6, sources.length)))),
  );
  const known = {
    text: parts.map(({ text }) => text).join('\n'),
    lines: parts.flatMap(({ lines }) => lines),
    figures: parts.flatMap(({ figures }) => figures),
  };
  prepared.set(sources, known);
  return known;
}

function partFrom(source: string): Known {
  const lines = source
    .split(/\n|(?<=[.!?;])\s+(?=\p{Lu})/u)
    .map(plain)
    .filter((line) => line !== '')
    .map((text) => ({ text, about: substance(text) }));
  const whole = lines.flatMap(({ about }) => about);
  const figures = lines.flatMap(({ text, about: own }) => {
    const about = own.length < fewestWords ? whole : own;
    const aboutPrices = priceContext.test(text);
    return figuresIn(text).map((figure) => ({ figure, aboutPrices, about }));
  });
  return { text: lines.map(({ text }) => text).join('\n'), lines, figures };
}
