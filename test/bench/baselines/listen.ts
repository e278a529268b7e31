import { once } from 'node:events';
import type { Server } from 'node:http';
import { servePart } from '../support/part.js';

/** Any free port of this machine; then the bench is told which. */
export async function listen(server: Server, follow?: (order: unknown) => Promise<unknown>): Promise<void> {
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  servePart(typeof address === 'object' && address !== null ? address.port : 0, follow);
}
