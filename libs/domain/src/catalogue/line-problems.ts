export const catalogueColumns = [
  'sku',
  'title',
  'description',
  'price',
  'currency',
  'availability',
  'url',
  'tags',
] as const;
export type CatalogueColumn = (typeof catalogueColumns)[number];

interface Explained {
  readonly what: string;
  readonly todo: string;
}

/** Everything that can be wrong with a product: in a line of a file, or sent by itself. */
export const lineProblems = {
  'missing-sku': { what: 'The line has no sku.', todo: 'Give it the sku that your shop knows the product by.' },
  'bad-sku': {
    what: 'The sku is longer than 64 characters, or is the word "imports", which has a meaning in the addresses.',
    todo: 'Use the short sku of your shop.',
  },
  'duplicate-sku': {
    what: 'Another line of the file has the same sku; the first that can be used was used.',
    todo: 'Keep one line for each sku.',
  },
  'missing-title': {
    what: 'The product is new, or its title is emptied, and a product needs a title.',
    todo: 'Fill in the title.',
  },
  'long-title': { what: 'The title is longer than 200 characters.', todo: 'Shorten it; the rest is description.' },
  'long-description': {
    what: 'The description is longer than 2,000 characters.',
    todo: 'Shorten it; put the rest into a document of the knowledge.',
  },
  'bad-price': {
    what: 'The price is not one number with at most one currency beside it.',
    todo: 'Write one price, like 1900 or 1 900,50 ₽; units like "per kg" belong to the title.',
  },
  'ambiguous-price': {
    what: 'The price can be read in two ways: a point or a comma before exactly three digits.',
    todo: 'Write 1900 or 1 900 for the one, 1.90 for the other.',
  },
  'negative-price': { what: 'The price is below zero.', todo: 'Write the price that a customer pays.' },
  'zero-price': {
    what: 'The price is zero.',
    todo: 'Leave it empty when there is no price; what is free is said in the description.',
  },
  'price-too-precise': {
    what: 'The price has more decimals than its currency has.',
    todo: 'Round it to the smallest coin of the currency.',
  },
  'missing-currency': {
    what: 'Nothing says in which currency the price is.',
    todo: 'Add a column "currency", or name one for the whole file with `currency` when you send it.',
  },
  'unknown-currency': { what: 'This is no currency in use.', todo: 'Write its ISO 4217 code, like RUB or EUR.' },
  'currency-conflict': {
    what: 'The sign in the price and the currency beside it do not agree.',
    todo: 'Correct one of the two.',
  },
  'unknown-availability': {
    what: 'The word for the availability is not known.',
    todo: 'Write in stock, out of stock, preorder, made to order or discontinued, or how many there are.',
  },
  'bad-url': {
    what: 'The address is not a complete https address of at most 500 characters.',
    todo: 'Write it whole: https://shop.example/cake.',
  },
  'bad-tags': {
    what: 'There are more than 30 tags, or one is longer than 60 characters.',
    todo: 'Keep the words that customers use, separated by commas.',
  },
  unreadable: {
    what: 'Some characters of the line cannot be read.',
    todo: 'Save the file as UTF-8 (in Excel: "CSV UTF-8") and send it again.',
  },
  'too-many-cells': {
    what: 'The line has more cells than the file has columns.',
    todo: 'Put texts that contain the separator into quotation marks.',
  },
  'too-many-products': {
    what: 'The account has 50,000 products already.',
    todo: 'Remove those that you no longer sell.',
  },
  formula: {
    what: 'A text begins like a formula (=, +, - or @). It is kept as the text that it is, and nothing calculates it.',
    todo: 'Nothing, if it is meant so; otherwise write the value.',
  },
} satisfies Record<string, Explained>;

export type LineProblemCode = keyof typeof lineProblems;

export interface LineProblem {
  /** Undefined when it is about the line as a whole. */
  readonly column: CatalogueColumn | undefined;
  readonly code: LineProblemCode;
  /** What stood there, cut. */
  readonly found: string;
}

/** A line with one of these is used all the same. */
const remarks: ReadonlySet<LineProblemCode> = new Set(['formula']);

export function isRemark({ code }: LineProblem): boolean {
  return remarks.has(code);
}

/** One sentence for each, for people who sent one product. */
export function problemSentence({ column, code }: LineProblem): string {
  const { what, todo } = lineProblems[code];
  return `${column ?? 'product'}: ${what} ${todo}`;
}
