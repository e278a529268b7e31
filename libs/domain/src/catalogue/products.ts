import type { AccountId } from '../shared/ids.js';
import type { LineProblem } from './line-problems.js';
import type { Availability, Product } from './product.js';
import type { ProductChanges } from './product-changes.js';

export interface ProductsQuery {
  readonly accountId: AccountId;
  readonly availability: Availability | undefined;
  readonly tag: string | undefined;
  /** Words of the title, the sku, the tags or the description, or how the sku begins. */
  readonly text: string | undefined;
  /** The sku of the last one of the page before. */
  readonly after: string | undefined;
  readonly limit: number;
}

export interface ProductWrite {
  readonly accountId: AccountId;
  readonly sku: string;
  readonly changes: ProductChanges;
  /** What is not said is taken away, or as it is for a new one. */
  readonly replace: boolean;
  /** The revision that the change was made from; undefined: whichever is there. */
  readonly revision: number | undefined;
  /** Whether a product of this sku must be there already. */
  readonly mustExist: boolean;
}

export type ProductWritten =
  | { readonly kind: 'created' | 'changed' | 'unchanged'; readonly product: Product }
  | { readonly kind: 'wrong'; readonly problems: readonly LineProblem[] }
  /** Another change came first; `revision` is the one that is there, undefined when the product is gone. */
  | { readonly kind: 'outdated'; readonly revision: number | undefined }
  | { readonly kind: 'missing' };

/**
 * A product and what a search finds of it are one commit: by words it is found at once, by meaning when its vector is
 * made. Its passage keeps its id as long as its text stays the same.
 */
export abstract class Products {
  /** Safe to repeat. */
  abstract write(write: ProductWrite): Promise<ProductWritten>;
  abstract find(accountId: AccountId, sku: string): Promise<Product | undefined>;
  /** By sku. */
  abstract list(query: ProductsQuery): Promise<readonly Product[]>;
  /** With its passages. @param revision as of a write */
  abstract remove(
    accountId: AccountId,
    sku: string,
    revision: number | undefined,
  ): Promise<'removed' | 'missing' | { readonly revision: number }>;
}

/** Whether prices are known from a catalogue. */
export abstract class Catalogue {
  /** Whether the account has a product. May be five seconds old. */
  abstract exists(accountId: AccountId): Promise<boolean>;
}
