import { describe, expect, it } from 'vitest';
import type { ErrorKind } from '#domain/shared/errors.js';
import type { VendorFailure } from '../../resilience/vendor-failures.js';
import { graphError } from './instagram-errors.js';

const html = '<html><body><h1>502 Bad Gateway</h1></body></html>';
const error = (code: number, subcode?: number, transient?: boolean): string =>
  JSON.stringify({
    error: {
      message: 'what Meta says',
      type: 'OAuthException',
      code,
      ...(subcode !== undefined && { error_subcode: subcode }),
      ...(transient !== undefined && { is_transient: transient }),
      fbtrace_id: 'AbC1',
    },
  });

// status, body, the failure's name, what it means for a publish, what it means for a read or a hide
const answers: readonly (readonly [number, string, VendorFailure, ErrorKind, ErrorKind])[] = [
  [500, error(1), 'unavailable', 'ambiguous', 'unavailable'],
  [400, error(1), 'unavailable', 'ambiguous', 'unavailable'],
  [400, error(2, undefined, true), 'unavailable', 'ambiguous', 'unavailable'],
  [400, error(-1, 2207001), 'unavailable', 'ambiguous', 'unavailable'],
  [400, error(-2, 2207003), 'unavailable', 'ambiguous', 'unavailable'],
  [400, error(20, 1772107), 'created-but-refused', 'ambiguous', 'unavailable'],
  [400, error(20), 'rejected', 'rejected', 'rejected'],
  [400, error(9999, undefined, true), 'unavailable', 'ambiguous', 'unavailable'],
  [503, error(9999), 'unavailable', 'ambiguous', 'unavailable'],
  [502, html, 'unavailable', 'ambiguous', 'unavailable'],
  [400, html, 'unavailable', 'ambiguous', 'unavailable'],
  [400, '', 'unavailable', 'ambiguous', 'unavailable'],
  [400, '{"error":"text"}', 'unavailable', 'ambiguous', 'unavailable'],
  [429, html, 'unavailable', 'ambiguous', 'rate-limited'],
  [400, error(506), 'duplicate', 'duplicate', 'duplicate'],
  [400, error(190), 'reconnect', 'reconnect', 'reconnect'],
  [401, error(190, 463), 'reconnect', 'reconnect', 'reconnect'],
  [400, error(190, 460), 'reconnect', 'reconnect', 'reconnect'],
  [400, error(102), 'reconnect', 'reconnect', 'reconnect'],
  [400, error(104), 'reconnect', 'reconnect', 'reconnect'],
  [401, error(9999), 'refused-for-now', 'unavailable', 'unavailable'],
  // Meta marks throttling as transient; nothing was created all the same.
  [400, error(4, undefined, true), 'rate-limited', 'rate-limited', 'rate-limited'],
  [403, error(17), 'rate-limited', 'rate-limited', 'rate-limited'],
  [400, error(32), 'rate-limited', 'rate-limited', 'rate-limited'],
  [400, error(613), 'rate-limited', 'rate-limited', 'rate-limited'],
  [400, error(80002), 'rate-limited', 'rate-limited', 'rate-limited'],
  [400, error(341), 'rate-limited', 'rate-limited', 'rate-limited'],
  [429, error(9999), 'rate-limited', 'rate-limited', 'rate-limited'],
  [400, error(4, 2207051), 'action-block', 'blocked', 'blocked'],
  [400, error(368), 'action-block', 'blocked', 'blocked'],
  [400, error(25, 2207050), 'action-block', 'blocked', 'blocked'],
  [400, error(3), 'permission', 'forbidden', 'forbidden'],
  [403, error(10), 'permission', 'forbidden', 'forbidden'],
  [400, error(10, 2534022), 'rejected', 'rejected', 'rejected'],
  [400, error(100, 2018292), 'gone', 'gone', 'gone'],
  [400, error(10_900), 'duplicate', 'duplicate', 'duplicate'],
  [403, error(200), 'permission', 'forbidden', 'forbidden'],
  [403, error(299), 'permission', 'forbidden', 'forbidden'],
  [400, error(300), 'rejected', 'rejected', 'rejected'],
  [400, error(100, 33), 'gone', 'gone', 'gone'],
  [400, error(803), 'gone', 'gone', 'gone'],
  [400, error(100), 'rejected', 'rejected', 'rejected'],
  [400, error(100, 2018001), 'rejected', 'rejected', 'rejected'],
  [400, error(2500), 'rejected', 'rejected', 'rejected'],
];

describe('what an answer of the Graph API means', () => {
  it.each(answers)('%i %s: %s, %s for a publish, %s otherwise', (status, text, failure, forPublish, otherwise) => {
    // audit 28
    const answer = { status, headers: {}, text };
    expect(graphError(answer, { what: 'publishing', creates: true })).toMatchObject({
      kind: forPublish,
      detail: { failure },
    });
    expect(graphError(answer, { what: 'reading', creates: false }).kind).toBe(otherwise);
  });

  it('keeps what Meta support asks for, and puts only numbers into the message', () => {
    const answer = { status: 400, headers: {}, text: error(190, 463) };
    const translated = graphError(answer, { what: 'publishing a reply', creates: true });
    expect(translated.message).toBe('publishing a reply: Instagram answered code 190, subcode 463');
    expect(translated.detail).toEqual({
      failure: 'reconnect',
      status: 400,
      code: 190,
      subcode: 463,
      fbtrace_id: 'AbC1',
      message: 'what Meta says',
    });
  });
});

describe('how long a limit lasts', () => {
  const usage = (...minutes: number[]): string =>
    JSON.stringify({
      '17841400000000001': minutes.map((estimated_time_to_regain_access) => ({
        type: 'instagram',
        call_count: 100,
        estimated_time_to_regain_access,
      })),
    });
  const waitFor = (headers: Record<string, string>, code = 80002): number | undefined =>
    graphError({ status: 400, headers, text: error(code) }, { what: 'reading', creates: false }).retryAfterMs;

  it('is told in minutes by the usage header', () => {
    expect(waitFor({ 'x-business-use-case-usage': usage(0, 7, 3) })).toBe(7 * 60_000);
  });

  it('is told in seconds by Retry-After, and the longer one counts', () => {
    expect(waitFor({ 'retry-after': '90' })).toBe(90_000);
    expect(waitFor({ 'retry-after': '90', 'x-business-use-case-usage': usage(2) })).toBe(120_000);
  });

  it('is a day at most', () => {
    expect(waitFor({ 'x-business-use-case-usage': usage(1e9) })).toBe(24 * 3_600_000);
  });

  it.each([
    {},
    { 'x-business-use-case-usage': usage(0) },
    { 'x-business-use-case-usage': '{broken' },
    { 'retry-after': 'soon' },
  ])('is unknown when nothing readable says it: %j', (headers) => {
    expect(waitFor(headers)).toBeUndefined();
  });

  it('is not asked where it is no limit', () => {
    expect(waitFor({ 'x-business-use-case-usage': usage(7) }, 190)).toBeUndefined();
  });
});
