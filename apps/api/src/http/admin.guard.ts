import { createHash, timingSafeEqual } from 'node:crypto';
import { HttpException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

const loopback = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|::ffff:127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/u;
const forwarding = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via'];
const localNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Who may use the admin API: the bearer of ADMIN_TOKEN. While none is set, only this machine itself: the connection
 * comes from loopback, through no proxy that says so, asks for a local name (a name that a page elsewhere made point here
 * is none), and is not made by a browser for a page elsewhere.
 */
export class AdminGuard implements CanActivate {
  constructor(private readonly adminToken: string | undefined) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (this.adminToken === undefined) {
      if (isLocal(request)) return true;
      throw new HttpException('Set ADMIN_TOKEN to use the admin API from another machine.', 403);
    }
    const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ');
    if (scheme?.toLowerCase() === 'bearer' && same(token, this.adminToken)) return true;
    void context.switchToHttp().getResponse<FastifyReply>().header('www-authenticate', 'Bearer');
    throw new HttpException('Send the header "Authorization: Bearer …" with the ADMIN_TOKEN.', 401);
  }
}

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
