import { createHash, timingSafeEqual } from 'node:crypto';
import { HttpException, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

export const ADMIN_ACCESS = Symbol('admin access');

export interface AdminAccess {
  readonly token: string | undefined;
  /** Whether this machine may ask without a token. */
  readonly openHere: boolean;
}

const loopback = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|::ffff:127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/u;
const forwarding = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via'];
const localNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Who may use the admin API: the bearer of ADMIN_TOKEN. Without one nobody, but where Instagram is played on this machine
 * too, so that nothing real is at stake: there this machine itself may, as far as can be told. The connection then
 * comes from loopback, through no proxy that says so, asks for a local name (a name that a page elsewhere made point here
 * is none), and is not made by a browser for a page elsewhere. (Nest makes a guard for each
 * controller: what it needs must be injected, a provider of this class would not be asked.)
 */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(@Inject(ADMIN_ACCESS) private readonly access: AdminAccess) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { token, openHere } = this.access;
    if (token === undefined) {
      if (openHere && isLocal(request)) return true;
      throw new HttpException(openHere ? elsewhere : withoutToken, 403);
    }
    const [scheme, given = ''] = (request.headers.authorization ?? '').split(' ');
    if (scheme?.toLowerCase() === 'bearer' && same(given, token)) return true;
    void context.switchToHttp().getResponse<FastifyReply>().header('www-authenticate', 'Bearer');
    throw new HttpException('Send the header "Authorization: Bearer …" with the ADMIN_TOKEN.', 401);
  }
}

const elsewhere = 'Set ADMIN_TOKEN to use the admin API from another machine.';
// A reverse proxy on this machine need not say that it is one, and would open everything to everybody.
const withoutToken = 'Set ADMIN_TOKEN: with the real Instagram the admin API needs it, also on this machine.';

function isLocal({ socket, headers }: FastifyRequest): boolean {
  if (!loopback.test(socket.remoteAddress ?? '')) return false;
  if (forwarding.some((name) => headers[name] !== undefined)) return false;
  if (headers['sec-fetch-site'] === 'cross-site') return false;
  return localNames.has((headers.host ?? '').replace(/:\d+$/u, '').toLowerCase());
}

/** In constant time for any two texts: their digests have one length. */
function same(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
