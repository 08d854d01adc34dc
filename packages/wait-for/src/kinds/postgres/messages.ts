import type { Taken } from '../../probe/net/line.ts';

/** The first words of PostgreSQL's protocol (its manual, "Message Formats"). */
const sslRequestCode = 80_877_103;
const protocolVersion = 196_608; // 3.0

/** A message of a server: a letter for its type, and the rest. */
export interface Message {
  readonly type: string;
  readonly body: Buffer;
}

const notPostgres = 'not a PostgreSQL server';

/** Asks whether the server speaks TLS. */
export function sslRequest(): Buffer {
  const request = Buffer.alloc(8);
  request.writeUInt32BE(8, 0);
  request.writeUInt32BE(sslRequestCode, 4);
  return request;
}

/** Begins a session. */
export function startup(user: string, database: string): Buffer {
  const named = database === '' ? [] : ['database', database];
  const parameters = Buffer.from(`${['user', user, ...named].join('\0')}\0\0`);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.length + parameters.length, 0);
  head.writeUInt32BE(protocolVersion, 4);
  return Buffer.concat([head, parameters]);
}

/** The answer to `sslRequest`: S, N, or the E of an error, which is left for `takeMessage`. */
export function takeSslAnswer(received: Buffer): Taken<string> {
  const letter = String.fromCharCode(received[0] ?? 0);
  if (letter === 'E') return { value: letter, length: 0 };
  return letter === 'S' || letter === 'N' ? { value: letter, length: 1 } : notPostgres;
}

/** A letter, a length that counts itself, and the rest. */
export function takeMessage(received: Buffer): Taken<Message> {
  if (received.length < 5) return undefined;
  const type = String.fromCharCode(received[0] ?? 0);
  const length = received.readUInt32BE(1) + 1;
  if (length >= 5 && length <= 32_768) {
    return received.length < length
      ? undefined
      : { value: { type, body: received.subarray(5, length) }, length };
  }
  return type === 'E' ? takeOldError(received) : notPostgres;
}

/** A server without a free process answers in the older protocol: a text that ends with a zero byte. */
function takeOldError(received: Buffer): Taken<Message> {
  const end = received.indexOf(0);
  const text = received.toString('utf8', 1, end < 0 ? undefined : end).trimEnd();
  if (!/^[\t\n\r\x20-\uffff]*$/.test(text)) return notPostgres;
  return end < 0 ? undefined : { value: { type: 'E', body: Buffer.from(`M${text}\0`) }, length: end + 1 };
}

/** The fields of an error by their letter: C is the SQLSTATE, M the message. */
export function errorFields(body: Buffer): ReadonlyMap<string, string> {
  const fields = body.toString('utf8').split('\0');
  return new Map(fields.map((field) => [field.slice(0, 1), field.slice(1)]));
}
