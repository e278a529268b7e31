import type { Compiled, Patterns } from '#domain/policies/patterns.js';

/** The language's own expressions: what a pattern means, without the promise about its time. */
export class PlainPatterns implements Patterns {
  compile(pattern: string): Compiled {
    try {
      const made = new RegExp(pattern, 'iu');
      return { kind: 'pattern', pattern: { matches: (text) => made.test(text) } };
    } catch {
      return { kind: 'broken', why: 'it cannot be read' };
    }
  }
}
