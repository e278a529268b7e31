import { isListedYet, type Lag } from './lag.js';
import { z } from 'zod';
import { bakeryAccount } from './bakery/account.js';
import { badParameter, graphError, missingObject } from './graph-errors.js';
import { pageOf } from './graph-pages.js';
import type { GraphParameters } from './graph.js';
import { newInstagramId } from './ids.js';
import type { VendorAnswer } from './vendor-desk.js';
import type { World } from './world.js';

const longestMessageBytes = 1_000;
const repliesForMs = 7 * 24 * 3_600_000;
const conversationPrefix = 'aWdfZAG06';

const recipient = z.object({ comment_id: z.string() });
const content = z.object({ text: z.string() });

/** Messages of the account to the authors of comments, and the conversations that they stand in. */
export class GraphMessages {
  constructor(private readonly world: World) {}

  /** The comment that a message is meant for; undefined when the request names none. */
  static targetOf(parameters: GraphParameters): string | undefined {
    return recipient.safeParse(parsed(parameters['recipient'])).data?.comment_id;
  }

  privateReply(parameters: GraphParameters): VendorAnswer {
    const commentId = GraphMessages.targetOf(parameters);
    if (commentId === undefined) return badParameter('The parameter recipient is required.');
    const text = content.safeParse(parsed(parameters['message'])).data?.text.trim() ?? '';
    if (text === '') return badParameter('The parameter message is required.');
    if (new TextEncoder().encode(text).byteLength > longestMessageBytes) {
      return badParameter('Length of param message[text] must be less than or equal to 1000');
    }
    const comment = this.world.comment(commentId);
    if (!comment)
      return graphError(400, { message: '(#100) Invalid comment_id parameter', code: 100, subcode: 2_018_292 });
    if (Date.now() - Date.parse(comment.at) > repliesForMs) {
      const message = '(#10) This message is sent outside of allowed window.';
      return graphError(400, { message, code: 10, subcode: 2_534_022 });
    }
    if (this.world.hasPrivateReply(commentId)) {
      return graphError(400, { message: '(#10900) Activity already replied to', code: 10_900 });
    }
    // Longer than any other id of Instagram's, as there.
    const id = `aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOjE3ODQxNDAwMDAwMDAwMDIxOjM0MDI4MjM2Njg0MTcx${newInstagramId()}ZDZD`;
    const message = { id, commentId, recipientId: comment.authorId, text, at: new Date().toISOString() };
    this.world.apply({ type: 'private-message', message });
    return { status: 200, body: { recipient_id: comment.authorId, message_id: id } };
  }

  conversations(parameters: GraphParameters): VendorAnswer {
    const userId = parameters['user_id'];
    if (userId === undefined) return badParameter('This sandbox lists conversations of one user_id only.');
    const data = this.world.privateMessagesTo(userId).length === 0 ? [] : [{ id: `${conversationPrefix}${userId}` }];
    return { status: 200, body: { data } };
  }

  /** @param lag how long the list does not show yet what the account sent */
  messages(conversationId: string, parameters: GraphParameters, lag?: Lag): VendorAnswer {
    const userId = conversationId.slice(conversationPrefix.length);
    const all = conversationId.startsWith(conversationPrefix) ? this.world.privateMessagesTo(userId) : [];
    if (all.length === 0) return missingObject('GET', conversationId);
    const seen = all.filter((message) => isListedYet(message, lag));
    const page = pageOf(seen, parameters['limit'], parameters['after']);
    if (page === undefined) return badParameter('Invalid limit or cursor');
    const from = { id: bakeryAccount.id, username: bakeryAccount.username };
    const data = page.items.map(({ id, text, at }) => ({
      id,
      from,
      message: text,
      created_time: at.replace(/\.\d+Z$/, '+0000'),
    }));
    const cursors = { before: page.before, after: page.after };
    const next = page.hasNext ? { next: 'https://graph.instagram.com/next' } : {};
    return { status: 200, body: { data, paging: { cursors, ...next } } };
  }
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
