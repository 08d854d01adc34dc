import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range for outgoing connections, so that none of them takes the port. */
const range = { from: 20_000, to: 32_000 };

/** A TCP port of 127.0.0.1 that was free a moment ago. Prefer port 0 if the program accepts it. */
export async function freePort(): Promise<number> {
  const port = range.from + Math.floor(Math.random() * (range.to - range.from));
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return freePort();
  }
  server.close();
  await once(server, 'close');
  return port;
}
