import { applyDecorators, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { AdminGuard } from './admin.guard.js';
import { ApiProblems } from './problem.dto.js';

/** Routes for the brand's own people: guarded, throttled, and documented so. */
export function AdminRoutes(tag: string): ClassDecorator & MethodDecorator {
  return applyDecorators(
    ApiTags(tag),
    ApiBearerAuth(),
    UseGuards(AdminGuard),
    ApiProblems({
      401: {
        when: 'ADMIN_TOKEN is set, and this request does not carry it.',
        detail: 'Send the header "Authorization: Bearer …" with the ADMIN_TOKEN.',
      },
      403: {
        when: 'ADMIN_TOKEN is not set, and Instagram is the real one, or the request comes from another machine or a proxy.',
        detail: 'Set ADMIN_TOKEN to use the admin API from another machine.',
      },
      429: { when: 'More than 1,000 requests within ten seconds from one address. `Retry-After` says when to go on.' },
      503: { when: 'The database does not answer. Try again after the seconds in `Retry-After`.' },
    }),
  );
}
