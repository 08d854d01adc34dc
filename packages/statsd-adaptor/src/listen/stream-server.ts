import { createServer, type Server, type Socket } from 'node:net';
import type { StreamCounts } from '../counts.ts';
import { StreamLines } from './stream-lines.ts';

export interface StreamOptions {
  readonly maxConnections: number;
  readonly counts: StreamCounts;
  /** Takes the lines that end within the bytes; returns where the unfinished rest starts. */
  readonly takeLines: (bytes: Buffer) => number;
  readonly takeLastLine: (bytes: Buffer) => void;
}

export interface StreamServer extends AsyncDisposable {
  /** A server that does not listen yet. */
  readonly server: Server;
}

/**
 * Receives lines over connections. Each chunk is handled before the next is read, so a sender that is too fast
 * waits. A line that is too long ends its connection.
 */
export function createStreamServer(options: StreamOptions): StreamServer {
  const { counts } = options;
  const open = new Set<Socket>();
  const server = createServer({ keepAlive: true, keepAliveInitialDelay: 60_000 }, (socket) => {
    counts.connections++;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    receive(socket, options);
  });
  server.maxConnections = options.maxConnections;
  server.on('drop', () => {
    counts.refusedConnections++;
  });
  server.once('listening', () => {
    // a connection was not accepted for lack of descriptors; the others continue
    server.on('error', () => {
      counts.connectionErrors++;
    });
  });
  return { server, [Symbol.asyncDispose]: () => close(server, open) };
}

function receive(socket: Socket, { counts, takeLines, takeLastLine }: StreamOptions): void {
  const lines = new StreamLines(takeLines);
  socket.on('data', (chunk) => {
    if (lines.push(chunk)) return;
    counts.tooLongLines++;
    socket.removeAllListeners('data').removeAllListeners('end');
    socket.destroy();
  });
  socket.on('end', () => {
    const rest = lines.end();
    if (rest.length > 0) takeLastLine(rest);
  });
  socket.on('error', () => {
    counts.connectionErrors++;
  });
}

/** Closes all connections, after one turn of the event loop for the last data events. */
function close(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    setImmediate(() => {
      for (const socket of open) socket.destroy();
    });
  });
}
