import { type Protocol, ReplyError, type Value } from './value.ts';

/** Encodes a request as an array of bulk strings. Text is written as latin1, as `decodeReply` reads it. */
export function encodeRequest(words: ReadonlyArray<string | Buffer>): Buffer {
  const parts: Buffer[] = [Buffer.from(`*${words.length}\r\n`)];
  for (const word of words) {
    parts.push(Buffer.from(`$${word.length}\r\n`));
    parts.push(typeof word === 'string' ? Buffer.from(word, 'latin1') : word, Buffer.from('\r\n'));
  }
  return Buffer.concat(parts);
}

/** Encodes a simple string: `+OK`. */
export function simple(text: string): string {
  return `+${text}\r\n`;
}

/** Encodes an error; line breaks become blanks, as in Redis. */
export function error(text: string): string {
  return `-${text.replace(/[\r\n]/g, ' ')}\r\n`;
}

/** Encodes a value as a reply in this protocol. Numbers are integers; a map is a flat array in RESP2. */
export function encodeValue(value: Value, protocol: Protocol): string {
  if (value === null) return protocol === 2 ? '$-1\r\n' : '_\r\n';
  if (value instanceof ReplyError) return error(value.message);
  if (value instanceof Map) {
    const body = [...value].map(([key, of]) => encodeValue(key, protocol) + encodeValue(of, protocol));
    return (protocol === 2 ? `*${value.size * 2}\r\n` : `%${value.size}\r\n`) + body.join('');
  }
  switch (typeof value) {
    case 'string':
      return `$${value.length}\r\n${value}\r\n`;
    case 'number':
      return `:${value}\r\n`;
    case 'boolean':
      return protocol === 2 ? `:${Number(value)}\r\n` : `#${value ? 't' : 'f'}\r\n`;
    default:
      return `*${value.length}\r\n${value.map((element) => encodeValue(element, protocol)).join('')}`;
  }
}
