/** A regular expression that needs no more time than the text is long. */
export interface Pattern {
  matches(text: string): boolean;
}

export type Compiled =
  | { readonly kind: 'pattern'; readonly pattern: Pattern }
  /** It cannot be used; why, for whoever wrote it. */
  | { readonly kind: 'broken'; readonly why: string };

export abstract class Patterns {
  /** Case makes no difference. The same text gives the same pattern, made once. */
  abstract compile(pattern: string): Compiled;
}
