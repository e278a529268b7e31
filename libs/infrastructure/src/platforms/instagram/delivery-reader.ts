import type { z } from 'zod';
import type { IncomingComment } from '#domain/comments/comment.js';
import type { QuarantinedItem } from '#domain/comments/intake.js';
import { liveKind } from '#domain/comments/triage.js';
import type { ParsedDelivery } from '#domain/platforms/platform.js';
import { AccountId, CommentId, MediaId } from '#domain/shared/ids.js';
import { nestedDeeperThan } from './lossless-json.js';
import { commentValue, entryId, isFields, readUsualComment, type CommentValue } from './webhook-schemas.js';

/** No honest item comes near; deeper ones are kept aside for a person instead of being walked by later code. */
const maxDepth = 100;
/** Kinds counted by name in one delivery; what a stranger invents beyond that is counted as "other". */
const maxNames = 50;
const maxNameLength = 64;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Walks one delivery item by item. Three envelopes exist: `entry[].changes[]`, `entry[]` with `field` and `value` inline,
 * and `entry[].messaging[]` (or `standby[]`); Meta's printed examples wrap all of it in a list
 * (developers.facebook.com/docs/instagram-platform/webhooks/examples, read in November 2026).
 */
export class DeliveryReader {
  readonly #comments: IncomingComment[] = [];
  readonly #quarantined: QuarantinedItem[] = [];
  readonly #counted = new Map<string, number>();

  result(): ParsedDelivery {
    // fromEntries defines properties, so that a kind named "__proto__" is a name like any other.
    const counted = Object.fromEntries(this.#counted);
    return { comments: this.#comments, quarantined: this.#quarantined, counted };
  }

  quarantine(path: string, reason: string): void {
    this.#quarantined.push({ path, reason });
  }

  readRoot(root: unknown): void {
    if (!Array.isArray(root)) {
      this.#readDelivery(root, '');
      return;
    }
    for (const [index, delivery] of root.entries()) this.#readDelivery(delivery, `[${index}]`);
  }

  #readDelivery(delivery: unknown, path: string): void {
    if (!isFields(delivery)) {
      this.quarantine(path || '$', 'not an object');
      return;
    }
    const { object, entry } = delivery;
    // A list of entries without the envelope around it.
    if (entry === undefined && object === undefined && ('changes' in delivery || 'field' in delivery)) {
      this.#readEntry(delivery, path);
      return;
    }
    if (!Array.isArray(entry)) {
      this.quarantine(path || '$', 'entry is not a list');
      return;
    }
    for (const [index, item] of entry.entries()) {
      if (object !== undefined && object !== 'instagram') this.#count(`object:${nameOf(object)}`);
      else this.#readEntry(item, `${path && `${path}.`}entry[${index}]`);
    }
  }

  #readEntry(entry: unknown, path: string): void {
    if (!isFields(entry)) {
      this.quarantine(path, 'not an object');
      return;
    }
    let known = false;
    if ('changes' in entry) {
      known = true;
      this.#readChanges(entry, path);
    }
    if ('field' in entry) {
      known = true;
      this.#readChange(entry['id'], entry, path);
    }
    for (const kind of ['messaging', 'standby']) {
      const items = entry[kind];
      if (items === undefined) continue;
      known = true;
      for (let left = Array.isArray(items) ? items.length : 1; left > 0; left -= 1) this.#count(kind);
    }
    if (!known) this.quarantine(path, 'neither changes, field nor messaging');
  }

  #readChanges(entry: Fields, path: string): void {
    const { changes } = entry;
    if (!Array.isArray(changes)) {
      this.quarantine(`${path}.changes`, 'not a list');
      return;
    }
    for (const [index, change] of changes.entries()) this.#readChange(entry['id'], change, `${path}.changes[${index}]`);
  }

  #readChange(account: unknown, change: unknown, path: string): void {
    if (!isFields(change) || typeof change['field'] !== 'string') {
      this.quarantine(path, 'has no field');
      return;
    }
    const { field, value } = change;
    if (field !== 'comments' && field !== 'live_comments') {
      this.#count(nameOf(field));
      return;
    }
    // No documented comment event has a verb; should edits or deletions come with one, they are no new comments.
    const verb = isFields(value) ? value['verb'] : undefined;
    if (verb !== undefined && verb !== 'add') {
      this.#count(`${field}:${nameOf(verb)}`);
      return;
    }
    if (nestedDeeperThan(maxDepth, value)) this.quarantine(path, `nested deeper than ${maxDepth} levels`);
    else this.#readComment(account, value, path, field === 'live_comments');
  }

  #readComment(account: unknown, value: unknown, path: string, live: boolean): void {
    const accountId = entryId.safeParse(account);
    if (!accountId.success) {
      this.quarantine(path, 'the entry has no usable account id');
      return;
    }
    const usual = readUsualComment(value);
    const comment = usual ? { success: true as const, data: usual } : commentValue.safeParse(value);
    if (!comment.success) {
      this.quarantine(path, describe(comment.error));
      return;
    }
    const id = comment.data.id ?? comment.data.comment_id;
    if (typeof id !== 'string') this.quarantine(path, 'the comment has no id');
    else this.#comments.push(toComment(accountId.data, id, comment.data, live));
  }

  #count(name: string): void {
    const known = this.#counted.has(name) || this.#counted.size < maxNames;
    const counter = known ? name : 'other';
    this.#counted.set(counter, (this.#counted.get(counter) ?? 0) + 1);
  }
}

function toComment(accountId: string, id: string, value: CommentValue, live: boolean): IncomingComment {
  const { from, media } = value;
  const mediaId = media?.original_media_id ?? media?.id;
  return {
    id: CommentId.parse(id),
    accountId: AccountId.parse(accountId),
    mediaId: mediaId ? MediaId.parse(mediaId) : undefined,
    parentId: value.parent_id ? CommentId.parse(value.parent_id) : undefined,
    authorId: from?.self_ig_scoped_id ? accountId : (from?.id ?? undefined),
    username: from?.username ?? undefined,
    text: value.text ?? '',
    mediaKind: live ? liveKind : (media?.media_product_type ?? undefined),
    adId: media?.ad_id ?? undefined,
  };
}

/** A vendor's or stranger's word made safe as the name of a counter: text columns hold it, dashboards show it. */
function nameOf(word: unknown): string {
  if (typeof word !== 'string') return typeof word;
  const cleaned = word.slice(0, maxNameLength).replaceAll(/[\p{Cc}\p{Surrogate}]/gu, '\uFFFD');
  return cleaned === '' ? 'unnamed' : cleaned;
}

/** Where and why, without the value: a quarantined text may be a customer's. */
function describe(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'wrong shape';
  const where = issue.path.map(String).join('.');
  return where === '' ? issue.message : `${where}: ${issue.message}`;
}
