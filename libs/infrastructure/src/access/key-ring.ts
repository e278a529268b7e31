import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;

export interface Sealed {
  readonly keyId: string;
  /** Nonce, ciphertext and tag, one after the other. */
  readonly bytes: Buffer;
}

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/**
 * AES-256-GCM with a random nonce of 96 bits. What is sealed is bound to its owner and to its key: put into another
 * account's row it does not open.
 */
export class KeyRing {
  readonly #keys: readonly Key[];

  /** @param keys 32 bytes each, in hex or base64; the first one seals, all open */
  constructor(keys: readonly string[]) {
    this.#keys = keys.map(toKey);
  }

  get canSeal(): boolean {
    return this.#keys.length > 0;
  }

  /** @throws Error without a key */
  seal(text: string, owner: string): Sealed {
    const [key] = this.#keys;
    if (!key) throw new Error('there is no key to encrypt with');
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce).setAAD(boundTo(owner, key));
    const bytes = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return { keyId: key.id, bytes };
  }

  /** @throws Error when it was changed, belongs to somebody else, or its key is not here */
  open({ keyId, bytes }: Sealed, owner: string): string {
    const key = this.#keys.find(({ id }) => id === keyId);
    if (!key) throw new Error(`the key ${keyId} is not among ENCRYPTION_KEY and ENCRYPTION_KEY_PREVIOUS`);
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(boundTo(owner, key)).setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
  }

  /** Whether it was sealed with a key that is on its way out. */
  isOutdated({ keyId }: Sealed): boolean {
    return this.#keys[0] !== undefined && this.#keys[0].id !== keyId;
  }
}

function boundTo(owner: string, { id }: Key): Buffer {
  return Buffer.from(`${owner}\n${id}`);
}

function toKey(text: string): Key {
  const bytes = Buffer.from(text, /^[0-9a-f]{64}$/iu.test(text) ? 'hex' : 'base64');
  if (bytes.length !== 32) throw new Error('a key has 32 bytes');
  // Of the digest, so that the id gives nothing of the key away.
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}
