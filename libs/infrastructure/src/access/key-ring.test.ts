import { describe, expect, it } from 'vitest';
import { KeyRing } from './key-ring.js';

const older = '11'.repeat(32);
const newer = Buffer.alloc(32, 7).toString('base64');

describe('a sealed token', () => {
  // audit 48
  it('is opened by its key for its account, and is different every time', () => {
    const ring = new KeyRing([older]);
    const one = ring.seal('a-secret-token', 'account-1');
    expect(ring.open(one, 'account-1')).toBe('a-secret-token');
    expect(one.bytes.includes('a-secret-token')).toBe(false);
    expect(ring.seal('a-secret-token', 'account-1').bytes.equals(one.bytes)).toBe(false);
  });

  // audit 48
  it('does not open for another account, or after one bit was changed', () => {
    const ring = new KeyRing([older]);
    const sealed = ring.seal('a-secret-token', 'account-1');
    expect(() => ring.open(sealed, 'account-2')).toThrow('unable to authenticate');
    for (const at of [0, 12, sealed.bytes.length - 1]) {
      const bytes = Buffer.from(sealed.bytes);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      expect(() => ring.open({ ...sealed, bytes }, 'account-1')).toThrow('unable to authenticate');
    }
  });

  // audit 46
  it('opens under the key before, is known as outdated, and not without that key', () => {
    const sealed = new KeyRing([older]).seal('a-secret-token', 'account-1');
    const both = new KeyRing([newer, older]);
    expect([both.isOutdated(sealed), both.open(sealed, 'account-1')]).toEqual([true, 'a-secret-token']);
    expect(both.isOutdated(both.seal('a-secret-token', 'account-1'))).toBe(false);
    expect(() => new KeyRing([newer]).open(sealed, 'account-1')).toThrow('the key');
    expect(() => new KeyRing([newer, older]).open({ ...sealed, keyId: 'deadbeef' }, 'account-1')).toThrow('the key');
  });

  it('is not made without a key', () => {
    expect(new KeyRing([]).canSeal).toBe(false);
    expect(() => new KeyRing([]).seal('a', 'b')).toThrow('no key');
  });
});
