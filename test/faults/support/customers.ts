import type { GraphComment } from '../../../apps/sandbox/src/world.js';
import type { Seeded } from '../../support/seeded.js';
import type { Outcomes, Vendors } from '../../support/vendors.js';

/** What has to become of a comment, judged by what anybody could see at the vendors. */
export type Due = 'one reply' | 'nothing' | 'hidden' | 'operators told';

interface Kind {
  readonly text: string;
  readonly due: Due;
  /** Of a hundred comments, so many are of this kind. */
  readonly share: number;
}

const kinds: readonly Kind[] = [
  { text: 'Hi! How much is delivery?', due: 'one reply', share: 25 },
  { text: 'Is the rye bread vegan?', due: 'one reply', share: 25 },
  { text: 'Wonderful bread, thank you!', due: 'nothing', share: 39 },
  { text: 'You are all scum and idiots, go to hell', due: 'hidden', share: 10 },
  { text: 'My order {n} never arrived, the party is in an hour. Where is it?', due: 'operators told', share: 1 },
];
export const onlyQuestions: readonly Kind[] = kinds.filter(({ due }) => due === 'one reply');
export const onlyPraise: readonly Kind[] = kinds.filter(({ due }) => due === 'nothing');

export interface Customer {
  readonly comment: GraphComment;
  readonly due: Due;
}

const atOnce = 10_000;
let crowds = 0;

/**
 * Writes so many comments at Instagram, in the mix of a busy shop; nobody has delivered them yet. No two are
 * alike, because equal ones are understood once and then tell nothing about the model.
 */
export async function writeComments(vendors: Vendors, count: number, of: readonly Kind[] = kinds): Promise<Customer[]> {
  const total = of.reduce((sum, { share }) => sum + share, 0);
  const customers: Customer[] = [];
  crowds += 1;
  for (const [index, { text, due, share }] of of.entries()) {
    const last = index === of.length - 1;
    const wanted = last ? count - customers.length : Math.round((count * share) / total);
    for (let written = 0; written < wanted; written += atOnce) {
      const comments = await vendors.write(`${text} (${crowds}.${written}.{n})`, Math.min(atOnce, wanted - written), {
        username: `guest${index}.${written / atOnce}`,
      });
      customers.push(...comments.map((comment) => ({ comment, due })));
    }
  }
  return customers;
}

/** Customers whose comments stand at Instagram in no order, and whom nobody has delivered yet; more come as they are taken. */
export class Newcomers {
  private stock: Customer[] = [];

  constructor(
    private readonly vendors: Vendors,
    private readonly chance: Seeded,
    private readonly writtenAtOnce: number,
  ) {}

  async take(count: number): Promise<Customer[]> {
    if (this.stock.length < count) {
      this.stock.push(...this.chance.shuffled(await writeComments(this.vendors, this.writtenAtOnce)));
    }
    return this.stock.splice(0, count);
  }
}

export interface Verdict {
  /** Acknowledged by us and without what was due; nothing may stand here. */
  readonly lost: readonly string[];
  /** With more than one reply of ours, or one that was not due; nothing may stand here. */
  readonly wrong: readonly string[];
  readonly replied: number;
  readonly hidden: number;
  readonly told: number;
}

/** Compares what was due with what the vendors show. The system's own books are not asked. */
export function judge(customers: readonly Customer[], { outcomes, messages }: Outcomes): Verdict {
  const seen = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
  const orders = new Set(
    messages.flatMap((text) => [...text.matchAll(/My order (\d+) never arrived/gu)].map(([, n]) => n)),
  );
  const lost: string[] = [];
  const wrong: string[] = [];
  const counts = { replied: 0, hidden: 0, told: 0 };
  for (const { comment, due } of customers) {
    const outcome = seen.get(comment.id);
    const replies = outcome?.replies ?? 0;
    const number = /My order (\d+) never/u.exec(comment.text)?.[1];
    const told = number !== undefined && orders.has(number);
    if (replies > (due === 'one reply' ? 1 : 0)) wrong.push(`${comment.id}: ${replies} replies, due: ${due}`);
    if (due === 'one reply' && replies === 0) lost.push(`${comment.id}: no reply`);
    if (due === 'hidden' && !outcome?.hidden) lost.push(`${comment.id}: not hidden`);
    if (due === 'operators told' && !told) lost.push(`${comment.id}: nobody was told`);
    counts.replied += replies;
    counts.hidden += outcome?.hidden ? 1 : 0;
    counts.told += told ? 1 : 0;
  }
  return { lost, wrong, ...counts };
}
