import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

/** RFC 9457, for the sandbox's own routes. */
export function problem(reply: FastifyReply, status: number, title: string, detail: string): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify({ type: 'about:blank', title, status, detail }));
}

export function badRequest(reply: FastifyReply, error: z.ZodError): FastifyReply {
  const detail = error.issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message));
  return problem(reply, 400, 'The request cannot be used', detail.join('; '));
}
