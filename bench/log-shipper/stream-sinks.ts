import { type AddressInfo, createServer, type Server } from 'node:net';
import { decodeMultiStream, encode } from '@msgpack/msgpack';

/** Throws away what comes by syslog over TCP. Its senders end the connection, and Node then ends it, too. */
export function syslogSink(onBytes: (count: number) => void): Promise<number> {
  return portOf(
    createServer((socket) => {
      socket.on('data', (bytes) => onBytes(bytes.length)).on('error', () => undefined);
    }),
  );
}

/** Throws away chunks of the Forward protocol, and acknowledges them. */
export function fluentSink(onBytes: (count: number) => void): Promise<number> {
  const server = createServer(async (socket) => {
    socket.on('data', (bytes) => onBytes(bytes.length)).on('error', () => undefined);
    for await (const message of decodeMultiStream(socket)) {
      const [, , options] = message as [string, Uint8Array, { chunk: string }]; // what the protocol has
      socket.write(encode({ ack: options.chunk }));
    }
  });
  return portOf(server);
}

function portOf(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo; // it listens on TCP
      resolve(port);
    });
  });
}
