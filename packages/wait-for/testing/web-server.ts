import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:https';

/** An HTTPS server on loopback. */
export async function startHttps(
  { cert, key }: { readonly cert: string; readonly key: string },
  answer: RequestListener = (_, response) => response.end('ok'),
): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: portOf(server), [Symbol.asyncDispose]: () => stop(server) };
}

function portOf(server: Pick<Server, 'address'>): number {
  return (server.address() as { port: number }).port; // a TCP server that listens has one
}

async function stop(server: Pick<Server, 'close' | 'closeAllConnections'>): Promise<void> {
  server.close();
  server.closeAllConnections();
}
