import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Answer for one name. */
export type DnsAnswer =
  | { readonly a?: readonly string[]; readonly aaaa?: readonly string[]; readonly srv?: readonly string[] }
  | 'no such name'
  | 'servfail'
  /** No answer. */
  | 'drop'
  /** An address in answer to another question. */
  | 'forged'
  /** An address in a packet that the test changes. */
  | { readonly spoil: (reply: Buffer) => Buffer };

type RecordType = 'a' | 'aaaa' | 'srv';

/** Like most servers: longer answers need TCP. */
const mostDatagramBytes = 1232;

/** Header and question, with the truncation flag. */
function truncated(reply: Buffer): Buffer {
  const { end } = readName(reply, 12);
  const head = Buffer.from(reply.subarray(0, end + 4));
  head.writeUInt16BE(head.readUInt16BE(2) | 0x0200, 2);
  head.writeUInt16BE(0, 6);
  return head;
}

const typeNames: Readonly<Record<number, RecordType>> = { 1: 'a', 28: 'aaaa', 33: 'srv' };
const typeNumbers = { a: 1, aaaa: 28, srv: 33 } as const;

/** A DNS server on loopback (RFC 1035) that answers as the test says, and records its questions. */
export class DnsServer implements AsyncDisposable {
  readonly questions: string[] = [];
  readonly #socket = createSocket('udp4');
  /** The same over TCP (4.2.2): a length before each message. */
  readonly #listener = createServer((socket) => {
    socket
      .on('error', () => {})
      .on('data', (message) => {
        const reply = this.#reply(message.subarray(2)) ?? Buffer.alloc(0);
        const length = Buffer.alloc(2);
        length.writeUInt16BE(reply.length);
        socket.write(Buffer.concat([length, reply]));
      });
  });
  readonly #answer: (name: string, type: RecordType) => DnsAnswer;

  private constructor(answer: (name: string, type: RecordType) => DnsAnswer) {
    this.#answer = answer;
    this.#socket.on('message', (query, { port, address }) => {
      const reply = this.#reply(query);
      if (reply === undefined) return;
      this.#socket.send(reply.length > mostDatagramBytes ? truncated(reply) : reply, port, address);
    });
  }

  /** `answer` is asked with the name as it came, without the closing dot, and the type of records. */
  static async start(answer: (name: string, type: RecordType) => DnsAnswer): Promise<DnsServer> {
    const server = new DnsServer(answer);
    server.#listener.listen(0, '127.0.0.1');
    await once(server.#listener, 'listening');
    const { port } = server.#listener.address() as { port: number }; // a TCP server that listens has one
    try {
      server.#socket.bind(port, '127.0.0.1');
      await once(server.#socket, 'listening');
      return server;
    } catch {
      // the UDP port is in use
      server.#listener.close();
      return DnsServer.start(answer);
    }
  }

  /** `127.0.0.1:PORT`. */
  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  #reply(query: Buffer): Buffer | undefined {
    const { name, end } = readName(query, 12);
    const type = typeNames[query.readUInt16BE(end)];
    this.questions.push(`${type} ${name}`);
    const answer = this.#answer(name, type ?? 'a');
    if (answer === 'drop') return undefined;
    const records = this.#records(answer, type);
    const code = answer === 'no such name' ? 3 : answer === 'servfail' ? 2 : 0;
    const head = Buffer.alloc(12);
    head.writeUInt16BE(answer === 'forged' ? query.readUInt16BE(0) ^ 1 : query.readUInt16BE(0), 0);
    head.writeUInt16BE(0x8180 | code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    const question = query.subarray(12, end + 4);
    const reply = Buffer.concat([
      head,
      question,
      ...records.map((record) => encodeRecord(type ?? 'a', record)),
    ]);
    return typeof answer === 'object' && 'spoil' in answer ? answer.spoil(reply) : reply;
  }

  #records(answer: DnsAnswer, type: 'a' | 'aaaa' | 'srv' | undefined): readonly string[] {
    if (answer === 'forged' || (typeof answer === 'object' && 'spoil' in answer)) {
      return type === 'a' ? ['203.0.113.66'] : [];
    }
    return typeof answer === 'string' || type === undefined ? [] : (answer[type] ?? []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}

function readName(bytes: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = bytes.readUInt8(at); length > 0; length = bytes.readUInt8(at)) {
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 1 };
}

function encodeRecord(type: 'a' | 'aaaa' | 'srv', text: string): Buffer {
  const data = encodeData(type, text);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // the name of the question
  head.writeUInt16BE(typeNumbers[type], 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(5, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function encodeData(type: 'a' | 'aaaa' | 'srv', text: string): Buffer {
  if (type === 'a') return Buffer.from(text.split('.').map(Number));
  if (type === 'aaaa') {
    const [before = '', after = ''] = text.split('::');
    const groups = (part: string) => part.split(':').filter((group) => group !== '');
    const gap = 8 - groups(before).length - groups(after).length;
    const all = [...groups(before), ...Array(gap).fill('0'), ...groups(after)];
    return Buffer.concat(all.map((group) => Buffer.from(group.padStart(4, '0'), 'hex')));
  }
  const [host = '', port = '0'] = text.split(':');
  const numbers = Buffer.alloc(6);
  numbers.writeUInt16BE(Number(port), 4);
  const labels = host
    .split('.')
    .filter((label) => label !== '')
    .map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)]));
  return Buffer.concat([numbers, ...labels, Buffer.of(0)]);
}
