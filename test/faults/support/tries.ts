import type { LedgerEntry, Vendors } from '../../support/vendors.js';
import type { Customer, Verdict } from './customers.js';

/** The protocol's own: three looks, the last one more than two minutes after the try. */
const looksBeforeResend = 3;
const lookedForMs = 120_000;
const mostTries = 2;

/** What a platform was asked about one comment, in its order. */
export interface Tries {
  /** Calls that asked to publish under it. */
  readonly calls: readonly LedgerEntry[];
  /** Looks into its thread. */
  readonly looks: readonly LedgerEntry[];
}

export type TriesByComment = ReadonlyMap<string, Tries>;

/** Every call that asked to publish under a comment, and every look into its thread. */
export async function triesByComment(vendors: Vendors): Promise<TriesByComment> {
  const found = new Map<string, { calls: LedgerEntry[]; looks: LedgerEntry[] }>();
  for (const call of ['reply', 'list-replies'] as const) {
    for (const entry of await vendors.ledger({ vendor: 'instagram', call })) {
      const tries = found.get(entry.target) ?? { calls: [], looks: [] };
      (call === 'reply' ? tries.calls : tries.looks).push(entry);
      found.set(entry.target, tries);
    }
  }
  return found;
}

/** Calls that were made although an earlier one may have published and had not been looked for enough. */
export function blindResends(tries: TriesByComment): readonly string[] {
  return [...tries.values()].flatMap(({ calls, looks }) =>
    calls.slice(1).flatMap((later, index) => {
      const earlier = calls[index];
      // A further call is right only after one that surely published nothing, or after all the looks in vain.
      if (!earlier || earlier.fault === 'status') return [];
      const between = looks.filter(({ seq, status }) => seq > earlier.seq && seq < later.seq && status === 200);
      const lastLookMs = (between.at(-1)?.at ?? 0) - earlier.at;
      if (between.length >= looksBeforeResend && lastLookMs >= lookedForMs) return [];
      return [`${later.target}: after ${earlier.fault ?? 'an answer'}, ${between.length} looks in ${lastLookMs} ms`];
    }),
  );
}

/**
 * Twice tried without a clear answer, and nowhere to be seen: the protocol ends with a person who is told. Rare in life;
 * where calls fail and processes die at every turn some replies meet with it.
 */
export class LeftToPeople {
  private constructor(
    private readonly customers: ReadonlyMap<string, Customer>,
    private readonly tries: TriesByComment,
    private readonly told: string,
    private readonly fewestCalls: number,
  ) {}

  /** @param fewestCalls that must have reached the platform: two, unless processes died between `sending` and the call */
  static async among(
    customers: readonly Customer[],
    { vendors, tries, fewestCalls }: { vendors: Vendors; tries: TriesByComment; fewestCalls: number },
  ): Promise<LeftToPeople> {
    const { messages } = await vendors.outcomes();
    const byId = new Map(customers.map((customer) => [customer.comment.id, customer]));
    return new LeftToPeople(byId, tries, messages.join('\n'), fewestCalls);
  }

  /** The verdict without the replies that were rightly left to a person, and those. */
  apart({ lost, ...verdict }: Verdict): { readonly verdict: Verdict; readonly left: readonly string[] } {
    const left = lost.filter((line) => this.isRight(line.split(':')[0] ?? ''));
    return { verdict: { ...verdict, lost: lost.filter((line) => !left.includes(line)) }, left };
  }

  private isRight(id: string): boolean {
    const customer = this.customers.get(id);
    if (customer?.due !== 'one reply') return false;
    const { calls, looks } = this.tries.get(id) ?? { calls: [], looks: [] };
    const unclear = calls.filter(({ fault }) => fault !== 'status').length;
    const inVain = looks.filter(({ status }) => status === 200).length;
    const number = /\([^()]*\d\)$/u.exec(customer.comment.text)?.[0];
    const tried = unclear >= this.fewestCalls && unclear <= mostTries && inVain >= mostTries * looksBeforeResend;
    return tried && number !== undefined && this.told.includes(number);
  }
}
