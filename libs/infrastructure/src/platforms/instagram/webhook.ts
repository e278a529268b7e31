import type { CommentWebhook, ParsedDelivery } from '#domain/platforms/platform.js';
import { DeliveryReader } from './delivery-reader.js';
import { parseLossless } from './lossless-json.js';
import { sameSecret, signedWithAny } from './signature.js';

export interface WebhookSettings {
  /** The app's secret, and the one before it while it is being replaced. */
  readonly appSecrets: readonly string[];
  /** What we typed into Meta's form; Meta repeats it in the handshake. */
  readonly verifyToken: string;
}

const utf8 = new TextDecoder();
const handshakeNames = ['hub.mode', 'hub.verify_token', 'hub.challenge'] as const;

/** The door that Meta knocks at. Knows bytes and shapes, nothing of what a comment means. */
export class InstagramWebhook implements CommentWebhook {
  constructor(private readonly settings: WebhookSettings) {}

  handshake(query: Readonly<Record<string, unknown>>): ReturnType<CommentWebhook['handshake']> {
    const missing = handshakeNames.filter((name) => query[name] === undefined || query[name] === '');
    if (missing.length > 0) return { kind: 'incomplete', missing };
    const [mode, token, challenge] = handshakeNames.map((name) => query[name]);
    // A repeated parameter arrives as a list: nobody honest sends that.
    if (typeof token !== 'string' || typeof challenge !== 'string') return { kind: 'refused' };
    if (mode !== 'subscribe' || !sameSecret(token, this.settings.verifyToken)) return { kind: 'refused' };
    return { kind: 'accepted', challenge };
  }

  signedBy(body: Uint8Array, signature: string | readonly string[] | undefined): boolean {
    return typeof signature === 'string' && signedWithAny(this.settings.appSecrets, body, signature);
  }

  parse(body: Uint8Array): ParsedDelivery {
    const reader = new DeliveryReader();
    try {
      // Bytes that are no UTF-8 become U+FFFD: one broken character must not cost a thousand comments.
      reader.readRoot(parseLossless(utf8.decode(body)));
    } catch (error) {
      // Beside broken JSON only a bug can lead here; also then the body is kept and its finished items are used.
      reader.quarantine('$', error instanceof SyntaxError ? 'not JSON' : `could not be read: ${String(error)}`);
    }
    return reader.result();
  }
}
