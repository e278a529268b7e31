import type { Platform } from '#domain/platforms/platform.js';
import type { PlatformLimits } from '../../resilience/platform-limits.js';
import { PictureLoader } from '../../resilience/picture-loader.js';
import type { VendorConnection } from '../../resilience/vendor-connection.js';
import { InstagramAccessRenewal } from './access-renewal.js';
import { InstagramAccount, instagramId } from './account.js';
import { InstagramApi, type ApiSettings } from './instagram-api.js';
import { InstagramListing } from './listing.js';
import { InstagramMedia } from './media.js';
import { InstagramComments, InstagramModeration } from './moderation.js';
import { InstagramPrivateReplies } from './private-replies.js';
import { InstagramReplies } from './replies.js';
import { InstagramSubscription } from './subscription.js';
import { InstagramWebhook, type WebhookSettings } from './webhook.js';

export interface InstagramSettings extends ApiSettings, WebhookSettings {
  /** The account's `user_id`, when it is known without asking. */
  readonly accountId: string | undefined;
}

export function instagram(
  settings: InstagramSettings,
  limits?: Pick<PlatformLimits, 'mayCall' | 'heard'>,
): Platform & VendorConnection {
  const api: InstagramApi = new InstagramApi(settings, {
    // Before the account is known nobody can have asked us to leave it alone.
    before: async () => (account.id === undefined ? undefined : await limits?.mayCall(account.id)),
    after: (usage) => (account.id === undefined ? undefined : limits?.heard(account.id, usage)),
  });
  const pictures = new PictureLoader({
    domains: ['cdninstagram.com', 'fbcdn.net'],
    playedAt: settings.playedHere ? new URL(settings.baseUrl).origin : undefined,
  });
  const account: InstagramAccount = new InstagramAccount(api, settings.accountId);
  return {
    id: instagramId,
    accounts: account,
    replies: new InstagramReplies(api, account),
    privateReplies: new InstagramPrivateReplies(api, account),
    comments: new InstagramComments(api),
    moderation: new InstagramModeration(api),
    media: new InstagramMedia(api, pictures),
    webhook: new InstagramWebhook(settings),
    listing: new InstagramListing(api),
    subscription: new InstagramSubscription(api),
    access: new InstagramAccessRenewal(api),
    circuits: () => api.circuits(),
    close: async () => {
      await Promise.all([api.close(), pictures.close()]);
    },
  };
}
