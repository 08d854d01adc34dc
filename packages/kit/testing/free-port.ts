import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections, so that none of those takes it meanwhile. */
const range = { from: 20_000, to: 32_000 };

/** A TCP port of 127.0.0.1 that was free a moment ago. Prefer port 0 where the program can take it. */
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
