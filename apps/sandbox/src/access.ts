import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { graphError, wrongToken } from './graph-errors.js';
import type { VendorAnswer } from './vendor-desk.js';

const dayMs = 86_400_000;
const longLivedMs = 60 * dayMs;
const tooYoungMs = dayMs;

export const tokenRequest = z.strictObject({
  /** The one from the settings when it is not given. */
  token: z.string().min(8).optional(),
  /** False: nobody is let in with it any more. */
  accepted: z.boolean().default(true),
  ageHours: z.number().min(0).default(0),
  expiresInDays: z.number().optional(),
});
export type TokenRequest = z.infer<typeof tokenRequest>;

interface Token {
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly accepted: boolean;
}

/** The account's access tokens. Which ones are good can be changed while it runs; a restart forgets that. */
export class Access {
  readonly #known = new Map<string, Token>();

  /** @param configured an unset token lets nobody in */
  constructor(private readonly configured: string | undefined) {
    const now = Date.now();
    if (configured !== undefined) {
      this.#known.set(configured, { issuedAt: now, expiresAt: now + longLivedMs, accepted: true });
    }
  }

  set({ token = this.configured, accepted, ageHours, expiresInDays }: TokenRequest): void {
    if (token === undefined) return;
    const issuedAt = Date.now() - ageHours * 3_600_000;
    const expiresAt = expiresInDays === undefined ? issuedAt + longLivedMs : Date.now() + expiresInDays * dayMs;
    this.#known.set(token, { issuedAt, expiresAt, accepted });
  }

  lets(token: string): boolean {
    const found = this.#find(token);
    return found !== undefined && found.accepted && found.expiresAt > Date.now();
  }

  /** `GET /refresh_access_token`: a new token for 60 days; the old one stays good until its own end. */
  refresh(token: string, grant: string | undefined): VendorAnswer {
    const found = this.#find(token);
    if (!found || !this.lets(token)) return wrongToken();
    if (grant !== 'ig_refresh_token') {
      return graphError(400, { message: 'Invalid grant_type', type: 'IGApiException', code: 100 });
    }
    if (Date.now() - found.issuedAt < tooYoungMs) {
      const message = 'The access token must be at least 24 hours old to be refreshed';
      return graphError(400, { message, type: 'IGApiException', code: 100 });
    }
    const expiresIn = Math.floor(longLivedMs / 1000);
    return {
      status: 200,
      body: { access_token: this.#issue(Date.now()), token_type: 'bearer', expires_in: expiresIn },
    };
  }

  #find(token: string): Token | undefined {
    return this.#known.get(token) ?? this.#issued(token);
  }

  /** Says itself when it was issued, so that it is still good after a restart of the sandbox. */
  #issue(at: number): string {
    return `IGAA${at}x${this.#mark(at)}`;
  }

  #issued(token: string): Token | undefined {
    const [, at] = /^IGAA(\d{13})x[0-9a-f]{64}$/u.exec(token) ?? [];
    if (at === undefined) return undefined;
    const issuedAt = Number(at);
    const genuine = timingSafeEqual(Buffer.from(token), Buffer.from(this.#issue(issuedAt)));
    return genuine ? { issuedAt, expiresAt: issuedAt + longLivedMs, accepted: true } : undefined;
  }

  #mark(at: number): string {
    return createHmac('sha256', this.configured ?? '')
      .update(String(at))
      .digest('hex');
  }
}
