import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { HostPort } from '@pod-patterns/kit';
import type { Counts } from '../counts.ts';
import { listenFailure, resolveHost } from './address.ts';
import { StreamLines } from './stream-lines.ts';

export interface TcpOptions {
  readonly listen: HostPort;
  readonly maxConnections: number;
  readonly counts: Counts;
  /** Takes the lines that end within the bytes; returns where the unfinished rest starts. */
  readonly takeLines: (bytes: Buffer) => number;
  readonly takeLastLine: (bytes: Buffer) => void;
}

export interface TcpListener extends AsyncDisposable {
  readonly address: HostPort;
}

/**
 * Receives lines over TCP. All of a piece is taken before the next is read, so a sender that is too fast
 * waits. A line that is too long ends its connection.
 * @throws CodedError `listen-failed`
 */
export async function listenTcp(options: TcpOptions): Promise<TcpListener> {
  const { counts } = options;
  const open = new Set<Socket>();
  const server = createServer({ keepAlive: true, keepAliveInitialDelay: 60_000 }, (socket) => {
    counts.tcpConnections++;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    receive(socket, options);
  });
  server.maxConnections = options.maxConnections;
  server.on('drop', () => {
    counts.tcpRefusedConnections++;
  });
  await bind(server, options.listen);
  // a connection that could not be accepted, for want of descriptors: the others go on
  server.on('error', () => {
    counts.tcpConnectionErrors++;
  });
  const { address, port } = server.address() as AddressInfo; // a TCP server that listens has one
  return { address: { host: address, port }, [Symbol.asyncDispose]: () => close(server, open) };
}

async function bind(server: Server, listen: HostPort): Promise<void> {
  try {
    server.listen({ host: await resolveHost(listen.host), port: listen.port });
    await once(server, 'listening');
  } catch (cause) {
    throw listenFailure('tcp', listen, cause);
  }
}

function receive(socket: Socket, { counts, takeLines, takeLastLine }: TcpOptions): void {
  const lines = new StreamLines(takeLines);
  socket.on('data', (chunk) => {
    if (lines.push(chunk)) return;
    counts.tcpTooLongLines++;
    socket.removeAllListeners('data').removeAllListeners('end');
    socket.destroy();
  });
  socket.on('end', () => {
    const rest = lines.end();
    if (rest.length > 0) takeLastLine(rest);
  });
  socket.on('error', () => {
    counts.tcpConnectionErrors++;
  });
}

/** What has arrived is taken: a turn of the loop lets the last data events through. */
function close(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    setImmediate(() => {
      for (const socket of open) socket.destroy();
    });
  });
}
