import { MINUS, readInteger } from '../resp/bytes.ts';
import { ReplyScanner, replyType } from '../resp/reply-scanner.ts';
import type { Protocol } from '../resp/value.ts';
import type { Merge } from './command.ts';

/** Raw reply of one server, and, if it matters, the position of each element in the whole. */
export interface PartReply {
  readonly reply: Buffer;
  readonly places?: readonly number[] | undefined;
}

/** Merges the replies of several servers; the first error, if any, stands for all. */
export function mergeReplies(
  how: Merge,
  parts: readonly PartReply[],
  { protocol, random }: { readonly protocol: Protocol; readonly random: () => number },
): Buffer {
  const replies = parts.map(({ reply }) => reply);
  const failed = replies.find(isError);
  const [first = Buffer.alloc(0)] = replies;
  if (how === 'any-ok') return replies.find((reply) => !isError(reply)) ?? first;
  if (failed !== undefined) return failed;
  switch (how) {
    case 'ok':
      return first;
    case 'sum':
      return integer(replies.reduce((sum, reply) => sum + numberIn(reply), 0));
    case 'least':
      return list(leastOf(replies.map(elementsOf)));
    case 'list':
      return list(inPlaces(parts));
    case 'set':
      return list(distinct(replies.flatMap(elementsOf)));
    case 'pairs':
      return pairs(replies, protocol);
    case 'one':
      return oneOf(replies, random);
    case 'info':
      return withoutAddresses(first);
    case 'role':
      return withoutReplicas(first);
  }
}

/** Splits an array into its raw elements. */
export function elementsOf(reply: Buffer): Buffer[] {
  const scanner = new ReplyScanner();
  const elements: Buffer[] = [];
  for (let at = reply.indexOf('\r\n') + 2; at < reply.length; ) {
    const end = scanner.next(reply, at, reply.length);
    if (end < 0) break;
    elements.push(reply.subarray(at, end));
    at = end;
  }
  return elements;
}

/** Encodes an array of raw elements. */
export function list(elements: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from(`*${elements.length}\r\n`), ...elements]);
}

/** Encodes a bulk string. */
export function bulk(text: string): Buffer {
  return Buffer.from(`$${text.length}\r\n${text}\r\n`, 'latin1');
}

function isError(reply: Buffer): boolean {
  return reply[0] === replyType.error || reply[0] === replyType.bulkError;
}

function integer(value: number): Buffer {
  return Buffer.from(`:${value}\r\n`);
}

function numberIn(reply: Buffer): number {
  return readInteger(reply, 1, reply.length - 2) || 0;
}

function leastOf(lists: ReadonlyArray<readonly Buffer[]>): Buffer[] {
  const [first = []] = lists;
  return first.map((_, at) => integer(Math.min(...lists.map((one) => numberIn(one[at] ?? integer(0))))));
}

function inPlaces(parts: readonly PartReply[]): Buffer[] {
  const whole: Buffer[] = [];
  for (const { reply, places } of parts) {
    for (const [index, element] of elementsOf(reply).entries()) {
      if (places === undefined) whole.push(element);
      else whole[places[index] ?? whole.length] = element;
    }
  }
  return whole;
}

function distinct(elements: readonly Buffer[]): Buffer[] {
  return [...new Map(elements.map((element) => [element.toString('latin1'), element])).values()];
}

/** Merges alternating names and numbers by adding the numbers of each name. A map stays a map. */
function pairs(replies: readonly Buffer[], protocol: Protocol): Buffer {
  const sums = new Map<string, number>();
  for (const reply of replies) {
    const elements = elementsOf(reply);
    for (let at = 0; at + 1 < elements.length; at += 2) {
      const name = elements[at]?.toString('latin1') ?? '';
      sums.set(name, (sums.get(name) ?? 0) + numberIn(elements[at + 1] ?? integer(0)));
    }
  }
  const isMap = protocol === 3 && replies[0]?.[0] === replyType.map;
  const body = [...sums].flatMap(([name, sum]) => [Buffer.from(name, 'latin1'), integer(sum)]);
  const header = isMap ? `%${sums.size}\r\n` : `*${body.length}\r\n`;
  return Buffer.concat([Buffer.from(header), ...body]);
}

/** Picks a reply that is not nil, if any. */
function oneOf(replies: readonly Buffer[], random: () => number): Buffer {
  const found = replies.filter((reply) => reply[0] === replyType.bulk && reply[1] !== MINUS);
  return found[Math.floor(random() * found.length)] ?? replies[0] ?? Buffer.alloc(0);
}

/** Removes the addresses of other servers from `INFO`. */
function withoutAddresses(reply: Buffer): Buffer {
  const headerEnd = reply.indexOf('\r\n') + 2;
  const prefix = reply[0] === replyType.verbatim ? 'txt:' : '';
  const lines = reply.toString('latin1', headerEnd + prefix.length, reply.length - 2).split('\r\n');
  const text =
    prefix +
    lines
      .filter((line) => !/^(?:master_host|master_port|slave\d+):/.test(line))
      .map((line) => line.replace(/^cluster_enabled:1$/, 'cluster_enabled:0'))
      .map((line) => line.replace(/^redis_mode:\w+$/, 'redis_mode:standalone'))
      .join('\r\n');
  return Buffer.from(`${prefix === '' ? '$' : '='}${text.length}\r\n${text}\r\n`, 'latin1');
}

/** Removes the replicas from the `ROLE` of a primary. */
function withoutReplicas(reply: Buffer): Buffer {
  const [role = bulk('master'), offset = integer(0)] = elementsOf(reply);
  const isPrimary = role.includes('master');
  return list([bulk('master'), isPrimary ? offset : integer(0), Buffer.from('*0\r\n')]);
}
