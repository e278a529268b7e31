import type { AccessRenewal, RenewedAccess } from '#domain/platforms/platform.js';
import type { InstagramApi } from './instagram-api.js';
import { renewedToken } from './listing-schemas.js';

/**
 * A long-lived token lives for 60 days and can be extended when it is at least a day old and not expired
 * (developers.facebook.com/docs/instagram-platform/reference/refresh_access_token, November 2026).
 */
export class InstagramAccessRenewal implements AccessRenewal {
  constructor(private readonly api: InstagramApi) {}

  async renew(): Promise<RenewedAccess> {
    const { access_token: token, expires_in: seconds } = await this.api.renewToken(renewedToken);
    return { token, expiresInMs: seconds * 1_000 };
  }
}
