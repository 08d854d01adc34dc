import type { ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';

/** Far more than a kubelet, a Prometheus and a few people need; idle ones take about 15 KB each. */
const maxConnections = 256;

/** Closes the oldest connection when there are too many: idle clients must not keep a probe out. */
export function boundConnections(server: Server, max = maxConnections): void {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    const [oldest] = open;
    if (open.size > max) oldest?.destroy();
  });
}

/** Whether an earlier request of its connection is still being answered; thousands fit into one packet. */
export function isPipelined(response: ServerResponse): boolean {
  return response.socket === null;
}
