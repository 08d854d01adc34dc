import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';

/** A backend that acknowledges everything as its protocol requires, and keeps nothing. */
export interface Discard extends AsyncDisposable {
  readonly port: number;
}

type OnBytes = (bytes: Buffer) => void;

/** Accepts any POST. Only the Elasticsearch sink reads the body of the answer. */
export function discardHttp(onBytes: OnBytes, onRequest: () => void = () => undefined): Promise<Discard> {
  return listening(
    createHttpServer((request, response) => {
      onRequest();
      request.on('data', onBytes);
      request.on('end', () => response.writeHead(200).end('{"errors":false}'));
    }),
  );
}

/** Accepts syslog over TCP. When the sender ends the connection, Node ends its side. */
export function discardSyslog(onBytes: OnBytes): Promise<Discard> {
  return listening(
    createServer((socket) => {
      socket.on('data', onBytes).on('error', () => undefined);
    }),
  );
}

/** The key `chunk` and its value in msgpack: a text of less than 32 bytes, or of less than 256. */
const chunkOption = /\xa5chunk(?:([\xa0-\xbf])|\xd9([\s\S]))([\w+/=-]*)/;
/** The option lies within this many bytes of the end of a message. */
const optionRoom = 200;

/** Accepts chunks of the Forward protocol. It only looks for their names, because decoding would be slowest. */
export function discardFluent(onBytes: OnBytes): Promise<Discard> {
  return listening(
    createServer((socket) => {
      let tail = '';
      socket.on('error', () => undefined);
      socket.on('data', (bytes: Buffer) => {
        onBytes(bytes);
        tail = (tail + bytes.toString('latin1', Math.max(0, bytes.length - optionRoom))).slice(-optionRoom);
        const chunk = chunkNameIn(tail);
        if (chunk === undefined) return;
        tail = '';
        socket.write(Buffer.concat([Buffer.of(0x81, 0xa3), Buffer.from('ack'), asText(chunk)]));
      });
    }),
  );
}

/** The chunk's name, or undefined while a part of it is missing. */
function chunkNameIn(text: string): string | undefined {
  const [, short, long, chunk = ''] = chunkOption.exec(text) ?? [];
  const length = long?.charCodeAt(0) ?? (short?.charCodeAt(0) ?? 0) - 0xa0;
  return length > 0 && chunk.length >= length ? chunk.slice(0, length) : undefined;
}

function asText(text: string): Buffer {
  return Buffer.concat([Buffer.of(0xd9, text.length), Buffer.from(text)]);
}

async function listening(server: Server): Promise<Discard> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
