import { createServer } from 'node:net';

/** A port on loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const port = await tryPort(0, '127.0.0.1');
  if (port === undefined) throw new Error('this machine has no free port');
  return port;
}

/** Whether a server could be started on this port, on every address of this machine. */
export async function isPortFree(port: number): Promise<boolean> {
  // A server on one address does not always stop another one on all addresses, so both are tried.
  return (await tryPort(port, '127.0.0.1')) !== undefined && (await tryPort(port, undefined)) !== undefined;
}

function tryPort(port: number, host: string | undefined): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host }, () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : undefined));
    });
  });
}
