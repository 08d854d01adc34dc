import { once } from 'node:events';
import { connect } from 'node:net';

const chunk = Buffer.alloc(1 << 20, 'x');

/** Logs in as `health` on several connections, and sends a long argument of PING on each, until Redis disconnects it. */
export async function floodRedis(
  url: string,
  { connections, mebibytes }: { readonly connections: number; readonly mebibytes: number },
): Promise<void> {
  const { hostname, port } = new URL(url);
  const flood = async () => {
    const socket = connect(Number(port), hostname);
    const closed = once(socket, 'close').catch(() => 'it was cut off');
    socket.write('AUTH health none\r\n');
    await once(socket, 'data');
    socket.write(`*2\r\n$4\r\nPING\r\n$${(mebibytes + 1) * chunk.length}\r\n`);
    for (let sent = 0; sent < mebibytes && !socket.destroyed; sent += 1) {
      if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), closed]).catch(() => 'cut off');
    }
    // the last bytes never come, so Redis buffers the arguments of all connections
    return { socket, closed };
  };
  const flooding = await Promise.all(Array.from({ length: connections }, flood));
  for (const { socket } of flooding) socket.destroy();
  await Promise.all(flooding.map(({ closed }) => closed));
}
