import type { Platform } from '#domain/platforms/platform.js';
import type { VendorConnection } from '../../resilience/vendor-connection.js';
import { InstagramAccessRenewal } from './access-renewal.js';
import { InstagramAccount, instagramId } from './account.js';
import { InstagramApi, type ApiSettings } from './instagram-api.js';
import { InstagramListing } from './listing.js';
import { InstagramMedia } from './media.js';
import { InstagramModeration } from './moderation.js';
import { InstagramReplies } from './replies.js';
import { InstagramSubscription } from './subscription.js';
import { InstagramWebhook, type WebhookSettings } from './webhook.js';

export interface InstagramSettings extends ApiSettings, WebhookSettings {
  /** The account's `user_id`, when it is known without asking. */
  readonly accountId: string | undefined;
}

export function instagram(settings: InstagramSettings): Platform & VendorConnection {
  const api = new InstagramApi(settings);
  const account = new InstagramAccount(api, settings.accountId);
  return {
    id: instagramId,
    accounts: account,
    replies: new InstagramReplies(api, account),
    moderation: new InstagramModeration(api),
    media: new InstagramMedia(api),
    webhook: new InstagramWebhook(settings),
    listing: new InstagramListing(api),
    subscription: new InstagramSubscription(api),
    access: new InstagramAccessRenewal(api),
    circuits: () => api.circuits(),
    close: () => api.close(),
  };
}
