import { HttpException, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bears, isLocal } from '#infrastructure/http/caller.js';

export const ADMIN_ACCESS = Symbol('admin access');

export interface AdminAccess {
  readonly token: string | undefined;
  /** Whether this machine may ask without a token. */
  readonly openHere: boolean;
}

/**
 * Who may use the admin API: the bearer of ADMIN_TOKEN. Without one nobody, but where Instagram is played on this machine
 * too, so that nothing real is at stake: there this machine itself may, as far as can be told. (Nest makes a guard for
 * each controller: what it needs must be injected, a provider of this class would not be asked.)
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
    if (bears(token, request)) return true;
    void context.switchToHttp().getResponse<FastifyReply>().header('www-authenticate', 'Bearer');
    throw new HttpException('Send the header "Authorization: Bearer …" with the ADMIN_TOKEN.', 401);
  }
}

const elsewhere = 'Set ADMIN_TOKEN to use the admin API from another machine.';
// A reverse proxy on this machine need not say that it is one, and would open everything to everybody.
const withoutToken = 'Set ADMIN_TOKEN: with the real Instagram the admin API needs it, also on this machine.';
