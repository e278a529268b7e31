import type { Account } from '#domain/accounts/account.js';
import type { Accounts } from '#domain/accounts/accounts.js';
import type { Catalogue } from '#domain/catalogue/products.js';
import type { CommentClassifier } from '#domain/comments/comment-classifier.js';
import type { Intake } from '#domain/comments/intake.js';
import type { CommentClass } from '#domain/comments/verdict.js';
import type { Knowledge } from '#domain/knowledge/knowledge.js';
import type { MediaLibrary } from '#domain/media/media-library.js';
import type { ReplyWriter } from '#domain/replies/reply-writer.js';
import { AccountId, DocumentId, PassageId, PlatformId } from '#domain/shared/ids.js';

// Who plays the parts of which nothing is asked here: one account, a model that reads the class off the text, one source.

export const accountId = AccountId.parse('9');
export const platformId = PlatformId.parse('anywhere');
export const account: Account = {
  id: accountId,
  platform: platformId,
  username: 'brand',
};
const passage = {
  id: PassageId.parse('0193e3a2-1111-7aaa-8bbb-123456789abc'),
  documentId: DocumentId.parse('0193e3a2-2222-7aaa-8bbb-123456789abc'),
  productId: undefined,
  title: 'All answers',
  heading: undefined,
  text: 'All answers.',
  place: undefined,
  score: 1,
  similarity: undefined,
};
const classes: Readonly<Record<string, CommentClass>> = { q: 'question', t: 'toxic', u: 'urgent', p: 'positive' };
// Letters only: the gate compares every figure with the sources.
const answerTo = (commentText: string): string => `An answer for ${commentText}.`;

export const accounts: Accounts = {
  get: async () => await Promise.resolve(account),
  all: async () => await Promise.resolve([account]),
  connect: async () => await Promise.resolve(),
};
export const noMedia: MediaLibrary = {
  find: async () => await Promise.resolve(undefined),
  remember: async () => await Promise.resolve(),
  changed: async () => await Promise.resolve(),
};
export const noCatalogue: Catalogue = { exists: async () => await Promise.resolve(false) };
export const knowledge: Knowledge = { search: async () => await Promise.resolve([passage]) };
export const classifier: CommentClassifier = {
  classify: async ({ comment }) => {
    const found = classes[comment.text[0] ?? ''] ?? 'positive';
    const verdict = { class: found, confidence: 95, reason: '', language: 'en', model: 'm', promptVersion: 'p' };
    return await Promise.resolve({ kind: 'verdict', verdict, repaired: false });
  },
};
export const writer: ReplyWriter = {
  write: async ({ comment }) => {
    const draft = { text: answerTo(comment.text), sources: [passage.id], model: 'm', promptVersion: 'p' };
    return await Promise.resolve({ kind: 'written', draft, instructions: 'none' });
  },
};
export const noIntake: Intake = {
  store: async () => await Promise.reject(new Error('nothing is delivered this way')),
  dropForeign: async () => await Promise.resolve(0),
  forgetDeliveries: async () => await Promise.resolve(0),
};
