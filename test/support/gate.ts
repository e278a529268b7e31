import { once } from 'node:events';
import net from 'node:net';

/** A TCP door in front of a server: open, silent (takes connections and passes nothing on) or closed. */
export interface Gate {
  readonly port: number;
  /** Everything hangs, as with a machine that has stopped answering. */
  silence(): void;
  open(): void;
  close(): void;
}

/** @param port any free one when not given; given, a door that was closed is there again */
export async function startGate(target: { readonly host: string; readonly port: number }, port = 0): Promise<Gate> {
  const pairs = new Set<readonly [net.Socket, net.Socket]>();
  let silent = false;
  const server = net.createServer((near) => {
    const far = net.connect(target.port, target.host);
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const socket of pair) socket.on('error', () => undefined);
    near.on('data', (chunk) => silent || far.write(chunk));
    far.on('data', (chunk) => silent || near.write(chunk));
    near.on('close', () => far.destroy());
    far.on('close', () => {
      near.destroy();
      pairs.delete(pair);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    silence: () => {
      silent = true;
    },
    // What was half said while silent cannot be continued: those connections are over.
    open: () => {
      silent = false;
      for (const [near] of pairs) near.destroy();
    },
    close: () => {
      server.close();
      for (const [near] of pairs) near.destroy();
    },
  };
}
