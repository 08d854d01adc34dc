import { encodeBson } from '../src/kinds/mongodb/bson.ts';

/** Messages of servers that are hard to run or to bring into such a state. */

export function postgresError(state: string, message: string): Buffer {
  const body = Buffer.from(`SFATAL\0C${state}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export const postgresPassword = Buffer.from('R\0\0\0\x08\0\0\0\x03', 'latin1');

export function mysqlPacket(body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  return Buffer.concat([head, body]);
}

export const mysqlGreeting = mysqlPacket(Buffer.from('\x0a8.4.0\0\x01\0\0\0abcdefgh\0', 'latin1'));

export function mysqlError(code: number, message: string): Buffer {
  const head = Buffer.alloc(3);
  head[0] = 0xff;
  head.writeUInt16LE(code, 1);
  return mysqlPacket(Buffer.concat([head, Buffer.from(message)]));
}

export function amqpMethod(classId: number, methodId: number): Buffer {
  const body = Buffer.alloc(12);
  body.writeUInt16BE(classId, 0);
  body.writeUInt16BE(methodId, 2);
  const head = Buffer.alloc(7);
  head[0] = 1;
  head.writeUInt32BE(body.length, 3);
  return Buffer.concat([head, body, Buffer.of(0xce)]);
}

export function mongoReply(
  document: Readonly<Record<string, number | string>>,
  booleans: Readonly<Record<string, boolean>> = {},
) {
  const bytes = encodeBson(document);
  const flags = Object.entries(booleans).map(([name, value]) =>
    Buffer.concat([Buffer.of(8), Buffer.from(`${name}\0`), Buffer.of(value ? 1 : 0)]),
  );
  const body = Buffer.concat([bytes.subarray(0, -1), ...flags, Buffer.of(0)]);
  body.writeInt32LE(body.length, 0);
  const head = Buffer.alloc(21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(2013, 12);
  return Buffer.concat([head, body]);
}

export function kafkaReply(errorCode: number, correlationId = 1): Buffer {
  const reply = Buffer.alloc(14);
  reply.writeInt32BE(10, 0);
  reply.writeInt32BE(correlationId, 4);
  reply.writeInt16BE(errorCode, 8);
  return reply;
}

export const noTls = Buffer.from('N');
export const notice = Buffer.from('N\0\0\0\x15SNOTICE\0Mhello!\0\0', 'latin1');
export const negotiation = Buffer.from('v\0\0\0\x0c\0\x03\0\0\0\0\0\0', 'latin1');
/** From a server without a free process. */
export const oldError = Buffer.from('Ecould not fork new process for connection: Cannot allocate memory\n\0');

/** A field of a header block of HTTP/2 as it stands, without a table (RFC 7541, 6.2.2). */
function headerField(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.of(0, name.length),
    Buffer.from(name),
    Buffer.of(value.length),
    Buffer.from(value),
  ]);
}

/** A frame of HTTP/2 (RFC 9113, 4.1). */
export function http2Frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** The whole answer to a health check: settings, head, message, trailers. */
export const grpcServing = Buffer.concat([
  http2Frame(4, 0, 0),
  http2Frame(1, 4, 1, Buffer.concat([Buffer.of(0x88), headerField('content-type', 'application/grpc')])),
  http2Frame(0, 0, 1, Buffer.from([0, 0, 0, 0, 2, 8, 1])),
  http2Frame(1, 5, 1, headerField('grpc-status', '0')),
]);
