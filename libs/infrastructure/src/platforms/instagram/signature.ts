import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether `X-Hub-Signature-256` proves one of the secrets over exactly these bytes. Meta signs the text with non-ASCII
 * escaped (`\u00e9`, `\/`), which is what it sends: a body that was parsed and written again would never match.
 */
export function signedWithAny(secrets: readonly string[], body: Uint8Array, header: string): boolean {
  const claimed = /^sha256=([0-9a-f]{64})$/.exec(header)?.[1];
  if (claimed === undefined) return false;
  const claim = Buffer.from(claimed, 'hex');
  // Every secret is tried, so that the time tells nothing about which one is in use.
  let matches = false;
  for (const secret of secrets) {
    if (secret === '') continue; // an unset secret would let everybody in
    const expected = createHmac('sha256', secret).update(body).digest();
    if (claim.length === expected.length && timingSafeEqual(claim, expected)) matches = true;
  }
  return matches;
}

/** Compares in constant time whatever the lengths are. An unset secret matches nothing. */
export function sameSecret(given: string, secret: string): boolean {
  if (secret === '') return false;
  return timingSafeEqual(createHash('sha256').update(given).digest(), createHash('sha256').update(secret).digest());
}
