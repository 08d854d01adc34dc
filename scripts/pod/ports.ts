import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { PodPorts } from './containers.ts';
import { usualPorts } from './usual-ports.ts';

/**
 * The default ports, or the next free ones. If a port was lost between the choice and its use, chooses further up:
 * the process that has it may be choosing again.
 */
export async function choosePorts({ isFirst }: { readonly isFirst: boolean }): Promise<PodPorts> {
  const ports = new Ports();
  const above = isFirst ? 0 : randomInt(1000);
  const chosen: { -readonly [Name in keyof PodPorts]: number } = { ...usualPorts };
  for (const [name, usual] of Object.entries(usualPorts))
    chosen[name as keyof PodPorts] = await ports.take(usual + above); // a name of the object just copied
  return chosen;
}

/**
 * Takes the default port if it is free on 127.0.0.1, else the next free one above it. Chosen ports stay taken, even
 * before anything listens on them.
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

/** Free for TCP and UDP: the adaptor listens on both with one number. */
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
