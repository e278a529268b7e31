import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** As much of a request as tells who asks. */
export interface Caller {
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly headers: IncomingHttpHeaders;
}

const loopback = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|::ffff:127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/u;
const forwarding = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via'];
const localNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether this machine itself asks, as far as can be told: the connection comes from loopback, through no proxy that says
 * so, asks for a local name (a name that a page elsewhere made point here is none), and is not made by a browser for a
 * page elsewhere.
 */
export function isLocal({ socket, headers }: Caller): boolean {
  if (!loopback.test(socket.remoteAddress ?? '')) return false;
  if (forwarding.some((name) => headers[name] !== undefined)) return false;
  if (headers['sec-fetch-site'] === 'cross-site') return false;
  return localNames.has((headers.host ?? '').replace(/:\d+$/u, '').toLowerCase());
}

/** Whether the caller carries this token as a bearer. */
export function bears(token: string, { headers }: Caller): boolean {
  const [scheme, given = ''] = (headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && same(given, token);
}

/** In constant time for any two texts: their digests have one length. */
function same(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
