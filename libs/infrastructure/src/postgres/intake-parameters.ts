import type { IncomingComment } from '#domain/comments/comment.js';
import type { Delivery } from '#domain/comments/intake.js';

/** One comment of a group of deliveries. */
export interface Given {
  readonly comment: IncomingComment;
  /** The place of its delivery in the group, from 0. */
  readonly delivery: number;
  /** Whether it is the first of its id in the group: the others are only counted. */
  readonly first: boolean;
}

/** All comments of a group by id, so that every group takes its locks in the same order. */
export function givenIn(deliveries: readonly Delivery[]): readonly Given[] {
  const all = deliveries.flatMap(({ comments }, delivery) => comments.map((comment) => ({ comment, delivery })));
  all.sort((one, other) => compare(one.comment.id, other.comment.id)); // stable: of equal ids the first that came is first
  return all.map((one, index) => ({ ...one, first: all[index - 1]?.comment.id !== one.comment.id }));
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** One list per column, as the statement that stores deliveries takes them: deliveries, what was kept aside, comments. */
export function deliveriesParameters(deliveries: readonly Delivery[], given: readonly Given[]): unknown[] {
  const aside = deliveries.flatMap((one, delivery) => one.quarantined.map((item) => ({ delivery, ...item })));
  const of = (read: (comment: IncomingComment) => string | undefined): readonly (string | null)[] =>
    optionalColumn(given.map(({ comment }) => read(comment) ?? null));
  const from = (read: (delivery: Delivery) => string): readonly string[] => {
    const perDelivery = deliveries.map(read);
    return given.map(({ delivery }) => perDelivery[delivery] ?? '');
  };
  let bytes = 0;
  return [
    deliveries.map(({ platform }) => platform),
    deliveries.map(({ traceId }) => traceId),
    Buffer.concat(deliveries.map(({ body }) => body)),
    deliveries.map(({ body }) => 1 + (bytes += body.byteLength) - body.byteLength), // counted from 1
    deliveries.map(({ body }) => body.byteLength),
    deliveries.map(({ comments }) => comments.length),
    deliveries.map(({ quarantined }) => quarantined.length),
    deliveries.map(({ counted }) => JSON.stringify(counted)),
    aside.map(({ delivery }) => delivery + 1),
    aside.map(({ path }) => path),
    aside.map(({ reason }) => reason),
    given.map(({ delivery }) => delivery + 1),
    given.map(({ first }) => first),
    given.map(({ comment }) => comment.id),
    given.map(({ comment }) => comment.accountId),
    of(({ mediaId }) => mediaId),
    of(({ parentId }) => parentId),
    of(({ authorId }) => authorId),
    of(({ username }) => username),
    given.map(({ comment }) => comment.text),
    of(({ mediaKind }) => mediaKind),
    of(({ adId }) => adId),
    from(({ traceId }) => traceId),
    from(({ source = 'webhook' }) => source),
    of(({ writtenAt }) => writtenAt?.toISOString()),
  ];
}

/** A column without any value is an empty list: the database fills up with NULL what is shorter than the others. */
function optionalColumn(values: readonly (string | null)[]): readonly (string | null)[] {
  return values.every((value) => value === null) ? [] : values;
}
