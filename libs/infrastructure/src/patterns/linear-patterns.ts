import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';
import type { Compiled, Patterns } from '#domain/policies/patterns.js';

/** Steps of a compiled pattern: times the text's length it is what a look at a comment costs at most. */
const mostSteps = 300;
/** Of all accounts together; a few kilobytes each. */
const mostPatterns = 1_000;

/** Regular expressions by RE2's rules: no look-around and no back-references, and no text takes longer than its length. */
export class LinearPatterns implements Patterns {
  readonly #known = new LRUCache<string, Compiled>({ max: mostPatterns });

  compile(pattern: string): Compiled {
    const known = this.#known.get(pattern);
    if (known) return known;
    const compiled = compile(pattern);
    this.#known.set(pattern, compiled);
    return compiled;
  }
}

function compile(pattern: string): Compiled {
  try {
    const made = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    const steps = made.programSize();
    if (steps > mostSteps) return broken(`it is too large (${steps} steps, ${mostSteps} are allowed)`);
    return { kind: 'pattern', pattern: { matches: (text) => made.test(text) } };
  } catch (error) {
    return broken(error instanceof Error ? said(error.message) : 'it cannot be read');
  }
}

function broken(why: string): Compiled {
  return { kind: 'broken', why };
}

/** Without the words that are always the same, and the sign for "case makes no difference" that we put before it. */
function said(message: string): string {
  return message.replace(/^error parsing regexp: /u, '').replace('`(?i)', '`');
}
