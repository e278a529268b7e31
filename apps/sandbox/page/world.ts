import type { Delivery, ModelCall, Post, SandboxComment, SandboxState, TelegramMessage } from './wire.js';

/** Everything the page knows about the vendors' side; one reducer changes it. */
export interface World {
  readonly state: SandboxState | undefined;
  /** Model calls that have begun and not ended. */
  readonly calls: readonly ModelCall[];
  /** The latest delivery of each comment's webhook. */
  readonly deliveries: ReadonlyMap<string, Delivery>;
  /** What a screen reader hears. */
  readonly announcement: string;
  /** Telegram messages that came while the page was open. */
  readonly messagesSinceOpened: number;
}

export type WorldChange =
  | { readonly type: 'state'; readonly state: SandboxState }
  | { readonly type: 'comment'; readonly postId: string; readonly comment: SandboxComment }
  | { readonly type: 'hidden'; readonly id: string; readonly hidden: boolean }
  | { readonly type: 'deleted'; readonly id: string }
  | { readonly type: 'telegram'; readonly message: TelegramMessage }
  | { readonly type: 'delivery'; readonly delivery: Delivery }
  | { readonly type: 'model-begins'; readonly call: ModelCall }
  | { readonly type: 'model-ends'; readonly callId: ModelCall['callId'] };

export const emptyWorld: World = {
  state: undefined,
  calls: [],
  deliveries: new Map(),
  announcement: '',
  messagesSinceOpened: 0,
};

export function changeWorld(world: World, change: WorldChange): World {
  switch (change.type) {
    case 'state':
      // Calls that ended while we were not listening would otherwise look busy for ever.
      return { ...world, state: change.state, calls: [] };
    case 'comment':
      return withAnnouncement(withComment(world, change.postId, change.comment), repliedBy(change.comment));
    case 'hidden':
      return withAnnouncement(
        mapComments(world, (comment) => (comment.id === change.id ? { ...comment, hidden: change.hidden } : comment)),
        change.hidden ? 'A comment was hidden.' : 'A comment is visible again.',
      );
    case 'deleted':
      return mapPosts(world, (post) => ({ ...post, comments: without(post.comments, change.id) }));
    case 'telegram':
      return withMessage(world, change.message);
    case 'delivery':
      return { ...world, deliveries: withDelivery(world.deliveries, change.delivery) };
    case 'model-begins':
      return { ...world, calls: [...world.calls, change.call] };
    case 'model-ends':
      return { ...world, calls: world.calls.filter(({ callId }) => callId !== change.callId) };
  }
}

/** Every customer's comment of a post that has this text: model calls name comments by text alone. */
export function customerCommentsWith(text: string, state: SandboxState | undefined): readonly SandboxComment[] {
  const all = (state?.posts ?? []).flatMap((post) => post.comments.flatMap((top) => [top, ...top.replies]));
  return all.filter((comment) => !comment.own && comment.text === text);
}

export function commentCount(post: Post): number {
  return post.comments.reduce((count, comment) => count + 1 + comment.replies.length, 0);
}

function withComment(world: World, postId: string, comment: SandboxComment): World {
  return mapPosts(world, (post) => {
    if (post.id !== postId) return post;
    const known = post.comments.some(
      ({ id, replies }) => id === comment.id || replies.some((r) => r.id === comment.id),
    );
    if (known) return post;
    if (!comment.parentId) return { ...post, comments: [...post.comments, { ...comment, replies: [] }] };
    return {
      ...post,
      comments: post.comments.map((top) =>
        top.id === comment.parentId ? { ...top, replies: [...top.replies, comment] } : top,
      ),
    };
  });
}

function without(comments: Post['comments'], id: string): Post['comments'] {
  return comments
    .filter((comment) => comment.id !== id)
    .map((comment) => ({ ...comment, replies: comment.replies.filter((reply) => reply.id !== id) }));
}

function mapComments(world: World, change: <C extends SandboxComment>(comment: C) => C): World {
  return mapPosts(world, (post) => ({
    ...post,
    comments: post.comments.map((top) => change({ ...top, replies: top.replies.map((reply) => change(reply)) })),
  }));
}

function mapPosts(world: World, change: (post: Post) => Post): World {
  if (!world.state) return world;
  return { ...world, state: { ...world.state, posts: world.state.posts.map(change) } };
}

function withMessage(world: World, message: TelegramMessage): World {
  if (!world.state) return world;
  const { telegram } = world.state;
  const known = telegram.some(({ messageId }) => messageId === message.messageId);
  const messages = known
    ? telegram.map((other) => (other.messageId === message.messageId ? message : other))
    : [...telegram, message];
  return {
    ...world,
    state: { ...world.state, telegram: messages },
    messagesSinceOpened: world.messagesSinceOpened + (known ? 0 : 1),
    announcement: known ? world.announcement : 'Operators got a Telegram message.',
  };
}

/** Long sessions should not remember every delivery: only troubled ones are ever shown. */
function withDelivery(known: ReadonlyMap<string, Delivery>, delivery: Delivery): ReadonlyMap<string, Delivery> {
  const next = new Map(known);
  const accepted = delivery.status !== null && delivery.status < 300;
  for (const id of delivery.ids) {
    if (accepted) next.delete(id);
    else next.set(id, delivery);
  }
  return next;
}

function withAnnouncement(world: World, announcement: string | undefined): World {
  return announcement === undefined ? world : { ...world, announcement };
}

function repliedBy(comment: SandboxComment): string | undefined {
  return comment.own ? `${comment.username} replied: ${comment.text}` : undefined;
}
