/** Dollars per million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
}

export interface Tokens {
  readonly input: number;
  readonly output: number;
}

/** English has four to a token, Russian three: rather too many tokens than too few. */
const charactersPerToken = 3;
/** A verdict takes about 80 tokens, a low effort of thinking before it about as many again. */
const verdictTokens = 160;
/** Post, thread, names and the shape of the answer, as a rule. */
const contextTokens = 500;

/** What one verdict takes, as a rule, when no call was recorded. @param comment characters of the comment, a mean for many */
export function estimatedTokens(instructions: string, commentCharacters: number): Tokens {
  const input = Math.ceil((instructions.length + commentCharacters) / charactersPerToken) + contextTokens;
  return { input, output: verdictTokens };
}

/** Millionths of a dollar. */
export function costOf({ input, output }: Tokens, price: ModelPrice): number {
  // Dollars per million tokens are millionths of a dollar per token.
  return Math.round(input * price.input + output * price.output);
}
