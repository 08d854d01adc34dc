import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Takes the usual port where it is free on 127.0.0.1, else the next free one above it. Ports that were given
 * out stay taken, also before anything listens on them.
 */
export class Ports {
  readonly #given = new Set<number>();

  async take(usual: number): Promise<number> {
    for (let port = usual; port <= 65_535; port++) {
      if (this.#given.has(port) || !(await isFree(port))) continue;
      this.#given.add(port);
      return port;
    }
    throw new Error(`no free port from ${usual} up`);
  }
}

/** For TCP and for UDP: the adaptor listens on one number with both. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const socket = createSocket('udp4');
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
    socket.close();
  }
}
