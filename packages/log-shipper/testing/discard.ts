import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';

/** A backend that throws everything away and acknowledges it, as its protocol has it. */
export interface Discard extends AsyncDisposable {
  readonly port: number;
}

type OnBytes = (bytes: Buffer) => void;

/** Takes any POST. Elasticsearch reads what it answers, the others do not. */
export function discardHttp(onBytes: OnBytes, onRequest: () => void = () => undefined): Promise<Discard> {
  return listening(
    createHttpServer((request, response) => {
      onRequest();
      request.on('data', onBytes);
      request.on('end', () => response.writeHead(200).end('{"errors":false}'));
    }),
  );
}

/** Takes syslog over TCP. Its senders end the connection, and Node then ends it, too. */
export function discardSyslog(onBytes: OnBytes): Promise<Discard> {
  return listening(
    createServer((socket) => {
      socket.on('data', onBytes).on('error', () => undefined);
    }),
  );
}

/** The key `chunk` and its value in msgpack: a text of less than 32 bytes, or of less than 256. */
const chunkOption = /\xa5chunk(?:([\xa0-\xbf])|\xd9([^]))([\w+/=-]*)/;
/** Where a message ends, the option is within this many bytes. */
const optionRoom = 200;

/** Takes chunks of the Forward protocol. Only looks for their names, as decoding them would be the slowest part. */
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

/** Undefined as long as a part of it is still to come. */
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
