/** One page of a list with cursors that survive insertions and deletions elsewhere in the list. */
export interface GraphPage<T> {
  readonly items: readonly T[];
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly hasNext: boolean;
}

const defaultLimit = 25;
const greatestLimit = 100;

/** @param limit as the caller sent it @returns undefined when the limit or the cursor cannot be used */
export function pageOf<T extends { readonly id: string }>(
  list: readonly T[],
  limit: string | undefined,
  after: string | undefined,
): GraphPage<T> | undefined {
  const size = limit === undefined ? defaultLimit : Number(limit);
  if (!Number.isInteger(size) || size < 1) return undefined;
  const start = after === undefined ? 0 : startAfter(list, after);
  if (start === undefined) return undefined;
  const end = start + Math.min(size, greatestLimit);
  const items = list.slice(start, end);
  const first = items[0];
  const last = items.at(-1);
  return {
    items,
    before: first && cursorOf(first.id),
    after: last && cursorOf(last.id),
    hasNext: end < list.length,
  };
}

function cursorOf(id: string): string {
  return Buffer.from(`c:${id}`).toString('base64url');
}

function startAfter(list: readonly { readonly id: string }[], cursor: string): number | undefined {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!id.startsWith('c:')) return undefined;
  const index = list.findIndex((item) => `c:${item.id}` === id);
  return index === -1 ? list.length : index + 1;
}
