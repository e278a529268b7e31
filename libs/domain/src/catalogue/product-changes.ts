import type { LineProblem } from './line-problems.js';
import type { Price } from './price.js';
import { inOneLine, productProblems, tagsFrom, type Availability, type ProductDetails } from './product.js';

/** What is said anew about a product; what is left out stays as it is, null takes it away. */
export interface ProductChanges {
  readonly title?: string;
  readonly description?: string | null;
  readonly price?: Price | null;
  readonly availability?: Availability;
  readonly url?: string | null;
  readonly tags?: readonly string[];
}

/** The product as it is then, or what is wrong with it. A new one is in stock unless something else is said. */
export function applyChanges(
  sku: string,
  before: ProductDetails | undefined,
  changes: ProductChanges,
): { readonly details: ProductDetails } | { readonly problems: readonly LineProblem[] } {
  const details: ProductDetails = {
    sku,
    title: inOneLine(changes.title ?? before?.title ?? ''),
    description: kept(changes.description, before?.description)?.trim(),
    price: kept(changes.price, before?.price),
    availability: changes.availability ?? before?.availability ?? 'in-stock',
    url: kept(changes.url, before?.url)?.trim(),
    tags: tagsFrom((changes.tags ?? before?.tags ?? []).map(inOneLine)),
  };
  const problems = productProblems(details);
  return problems.length > 0 ? { problems } : { details };
}

function kept<Value>(said: Value | null | undefined, before: Value | undefined): Value | undefined {
  return said === undefined ? before : (said ?? undefined);
}
