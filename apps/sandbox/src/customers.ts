import { z } from 'zod';
import { bakeryMedia } from './bakery/media.js';
import { authorIdOf, newInstagramId } from './ids.js';
import type { Delivery, MetaSender } from './meta-sender.js';
import type { GraphComment, World } from './world.js';

export const commentRequest = z.strictObject({
  text: z
    .string()
    .max(20_000)
    .refine((text) => text.trim() !== '', 'write something'),
  username: z
    .string()
    .regex(/^[\p{L}\p{N}._]{1,30}$/u, 'letters, digits, dots and underscores, at most 30')
    .default('guest'),
  mediaId: z.string().optional(),
  parentId: z.string().optional(),
  /** So many comments of this text; `{n}` in it becomes each one's number, from 1. */
  count: z.number().int().min(1).max(10_000).default(1),
  /** False: it exists at Instagram, and whoever asked delivers it (or does not). */
  deliver: z.boolean().default(true),
  /** Written during a live broadcast: comes as `live_comments` and cannot be answered publicly. */
  live: z.boolean().default(false),
  /** Written so many minutes ago, as Instagram tells; it arrives now all the same. */
  minutesAgo: z.number().min(0).max(1_000_000).default(0),
});
export type CommentRequest = z.infer<typeof commentRequest>;

export const deliveryRequest = z.strictObject({
  ids: z.array(z.string()).min(1).max(100_000),
  times: z.number().int().min(1).max(1000).default(1),
  shuffle: z.boolean().default(false),
  /** Updates per webhook call. */
  batch: z.number().int().min(1).max(1000).default(1),
});
export type DeliveryRequest = z.infer<typeof deliveryRequest>;

/** Webhook calls under way at once, as from a vendor with many machines. */
const atOnce = 16;

/** Who writes comments, and what Meta does with them. */
export class Customers {
  constructor(
    private readonly world: World,
    private readonly sender: MetaSender,
  ) {}

  /** @returns the new comments, known to the Graph API but not yet delivered; or what is wrong with the request */
  write(request: CommentRequest): readonly GraphComment[] | { readonly problem: string } {
    const parent = request.parentId === undefined ? undefined : this.world.comment(request.parentId);
    if (request.parentId !== undefined && !parent) return { problem: `There is no comment ${request.parentId}.` };
    const mediaId = request.mediaId ?? parent?.mediaId ?? bakeryMedia[0]?.id ?? '';
    if (!this.world.hasMedia(mediaId)) return { problem: `There is no post ${mediaId}.` };
    if (parent && parent.mediaId !== mediaId) return { problem: 'The parent stands under another post.' };

    return Array.from({ length: request.count }, (_, index) => {
      const comment: GraphComment = {
        id: newInstagramId(),
        mediaId,
        parentId: parent && (parent.parentId ?? parent.id),
        authorId: authorIdOf(request.username),
        username: request.username,
        text: request.text.replaceAll('{n}', String(index + 1)),
        at: new Date(Date.now() - request.minutesAgo * 60_000).toISOString(),
        live: request.live,
        hidden: false,
      };
      this.world.apply({ type: 'comment', comment });
      return comment;
    });
  }

  /** Delivers each comment in a call of its own. */
  async deliverEach(comments: readonly GraphComment[]): Promise<readonly Delivery[]> {
    return this.#deliver(comments.map((comment) => [comment]));
  }

  /** @returns what became of the calls; or which comment is unknown */
  async deliverAgain(request: DeliveryRequest): Promise<readonly Delivery[] | { readonly problem: string }> {
    const comments: GraphComment[] = [];
    for (const id of request.ids) {
      const comment = this.world.comment(id);
      if (!comment) return { problem: `There is no comment ${id}.` };
      comments.push(comment);
    }
    const updates = Array.from({ length: request.times }, () => comments).flat();
    if (request.shuffle) shuffle(updates);
    const calls: GraphComment[][] = [];
    for (let at = 0; at < updates.length; at += request.batch) calls.push(updates.slice(at, at + request.batch));
    return this.#deliver(calls);
  }

  async #deliver(calls: readonly (readonly GraphComment[])[]): Promise<readonly Delivery[]> {
    const deliveries: Delivery[] = [];
    const waiting = calls.values();
    const lane = async (): Promise<void> => {
      for (const call of waiting) deliveries.push(await this.sender.deliver(call));
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, calls.length) }, lane));
    return deliveries;
  }
}

function shuffle(list: unknown[]): void {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    const [left, right] = [list[last], list[other]];
    if (left !== undefined && right !== undefined) [list[last], list[other]] = [right, left];
  }
}
