import { Accounts } from '#domain/accounts/accounts.js';
import { meantAccount } from '#domain/accounts/meant-account.js';
import { problemSentence, type LineProblem } from '#domain/catalogue/line-problems.js';
import { readPrice } from '#domain/catalogue/price.js';
import type { Product } from '#domain/catalogue/product.js';
import type { ProductChanges } from '#domain/catalogue/product-changes.js';
import { Products } from '#domain/catalogue/products.js';
import { AppError } from '#domain/shared/errors.js';
import type { AccountId } from '#domain/shared/ids.js';
import { storableText } from '#domain/shared/text.js';

/** What is sent: the price as its amount was written. */
export interface SentProduct extends Omit<ProductChanges, 'price'> {
  readonly price?: { readonly amount: string; readonly currency: string } | null;
}

export interface ProductToWrite {
  /** May be left out while exactly one account is connected. */
  readonly accountId: AccountId | undefined;
  readonly sku: string;
  readonly product: SentProduct;
  /** `put`: it is this from now on, new or not. `change`: what is named of one that is there. */
  readonly how: 'put' | 'change';
  /** Where the change was made from. */
  readonly revision: number | undefined;
}

export interface WrittenProduct {
  readonly kind: 'created' | 'changed' | 'unchanged';
  readonly product: Product;
}

/** Puts a product into an account's catalogue, or changes it. Answers use it from the next question on. */
export class WriteProduct {
  constructor(
    private readonly accounts: Accounts,
    private readonly products: Products,
  ) {}

  /** @throws AppError 'invalid' with what is wrong, 'not-found', 'conflict' when another change came first */
  async execute({ accountId: meant, sku, product, how, revision }: ProductToWrite): Promise<WrittenProduct> {
    const accountId = await meantAccount(this.accounts, meant);
    const written = await this.products.write({
      accountId,
      sku: storableText(sku).trim(),
      changes: changesFrom(product),
      replace: how === 'put',
      mustExist: how === 'change',
      revision,
    });
    switch (written.kind) {
      case 'wrong':
        throw wrong(written.problems);
      case 'missing':
        throw new AppError('not-found', 'There is no product with this sku.');
      case 'outdated':
        throw new AppError('conflict', outdated(revision, written.revision));
      default:
        return written;
    }
  }
}

/** What to do when a change was made from something that is no longer there. */
export function outdated(from: number | undefined, there: number | undefined): string {
  return there === undefined
    ? 'The product is no longer there: read the list again.'
    : `Revision ${there} of the product is there, not ${from}: read it again, then change it.`;
}

function changesFrom({ price, title, description, ...rest }: SentProduct): ProductChanges {
  return {
    ...rest,
    ...(title !== undefined && { title: storableText(title) }),
    ...(description !== undefined && { description: description === null ? null : storableText(description) }),
    ...(price !== undefined && { price: price === null ? null : priceFrom(price) }),
    ...(rest.tags && { tags: rest.tags.map(storableText) }),
  };
}

function priceFrom({ amount, currency }: { readonly amount: string; readonly currency: string }) {
  const read = readPrice({ text: amount, currency, otherwise: undefined });
  if ('problem' in read) throw wrong([read.problem]);
  return read.value;
}

function wrong(problems: readonly LineProblem[]): AppError {
  return new AppError('invalid', problems.map(problemSentence).join(' '));
}
