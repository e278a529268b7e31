import { createHash, randomBytes } from 'node:crypto';

let last = 0;

/** A new id as Instagram's: 17 digits, beyond what a JSON number keeps exactly. Grows, also across restarts. */
export function newInstagramId(): string {
  // 13 digits of milliseconds and two of counting; a fast writer borrows from the next milliseconds.
  last = Math.max(last + 1, Date.now() * 100);
  return `18${last}`;
}

/** The same person has the same id every time. */
export function authorIdOf(username: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(username.toLowerCase()).digest('hex').slice(0, 15)}`);
  return `1${(digits % 10n ** 16n).toString().padStart(16, '0')}`;
}

export function newTraceId(): string {
  return `A${randomBytes(8).toString('base64url')}`;
}

/** A number that belongs to an id: 0 ≤ x < 1, spread evenly. */
export function shareOf(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE() / 2 ** 32;
}
