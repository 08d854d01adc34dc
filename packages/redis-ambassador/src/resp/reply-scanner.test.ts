import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplyScanner, replyType } from './reply-scanner.ts';
import { incomplete, malformed } from './request-scanner.ts';

interface Found {
  readonly replies: string[];
  readonly types: number[];
  readonly fault: string | undefined;
}

/** Scans pieces as they arrive; scanned bytes are dropped. */
function scan(chunks: readonly Buffer[]): Found {
  const scanner = new ReplyScanner();
  const replies: string[] = [];
  const types: number[] = [];
  let open = '';
  for (const bytes of chunks) {
    let at = 0;
    while (at < bytes.length) {
      const end = scanner.next(bytes, at, bytes.length);
      if (end === malformed) return { replies, types, fault: scanner.fault };
      open += bytes.toString('latin1', at, end === incomplete ? bytes.length : end);
      if (end === incomplete) break;
      replies.push(open);
      types.push(scanner.type);
      open = '';
      at = end;
    }
  }
  return { replies, types, fault: undefined };
}

function inPieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

const replies = [
  '+OK\r\n',
  '-ERR a\r\n',
  ':-42\r\n',
  '$5\r\nab\r\nc\r\n',
  '$0\r\n\r\n',
  '$-1\r\n',
  '*-1\r\n',
  '*0\r\n',
  '*3\r\n:1\r\n*2\r\n$1\r\na\r\n*0\r\n+b\r\n',
  '_\r\n',
  '#t\r\n',
  ',1.5e3\r\n',
  '(12345678901234567890\r\n',
  '!5\r\nERR x\r\n',
  '=8\r\ntxt:some\r\n',
  '%2\r\n+a\r\n:1\r\n+b\r\n%1\r\n+c\r\n~1\r\n_\r\n',
  '~2\r\n:1\r\n:2\r\n',
  '>2\r\n+pubsub\r\n+x\r\n',
  '|1\r\n+ttl\r\n:10\r\n*2\r\n:1\r\n|1\r\n+a\r\n+b\r\n:2\r\n',
  '$?\r\n;4\r\nab\r\n\r\n;1\r\nc\r\n;0\r\n',
  '*?\r\n:1\r\n*?\r\n.\r\n%1\r\n+a\r\n+b\r\n.\r\n',
];

describe('ReplyScanner', () => {
  it('finds replies of every type wherever the bytes are split', () => {
    const bytes = Buffer.from(replies.join(''));
    for (let at = 0; at <= bytes.length; at++) {
      const found = scan([bytes.subarray(0, at), bytes.subarray(at)]);
      expect(found).toEqual({
        replies,
        types: replies.map((reply) => reply.charCodeAt(0)),
        fault: undefined,
      });
    }
    for (const size of [1, 2, 3, 5]) expect(scan(inPieces(bytes, size)).replies).toEqual(replies);
  });

  const leaf = fc.oneof(
    fc.stringMatching(/^[a-z ]{0,9}$/).map((text) => `+${text}\r\n`),
    fc.integer().map((value) => `:${value}\r\n`),
    fc.string({ maxLength: 9, unit: 'binary-ascii' }).map((text) => `$${text.length}\r\n${text}\r\n`),
    fc.constantFrom('$-1\r\n', '_\r\n', '#f\r\n', ',inf\r\n', '-ERR\r\n'),
  );
  const { reply } = fc.letrec<{ reply: string }>((tie) => ({
    reply: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('reply'), { maxLength: 4 }).map((of) => `*${of.length}\r\n${of.join('')}`),
      fc
        .array(fc.tuple(leaf, tie('reply')), { maxLength: 3 })
        .map((of) => `%${of.length}\r\n${of.flat().join('')}`),
    ),
  }));

  it('finds every reply of any kind, in pieces of any size', () => {
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 5 }), fc.integer({ min: 1, max: 30 }), (list, size) => {
        expect(scan(inPieces(Buffer.from(list.join(''), 'latin1'), size)).replies).toEqual(list);
      }),
    );
  });

  it('stays consistent for any bytes, however they are split', () => {
    const likely = fc.stringMatching(/^([*$%:+?>;.|~]|\d|-|\r\n|a){0,30}$/).map((text) => Buffer.from(text));
    fc.assert(
      fc.property(likely, (bytes) => {
        expect(scan(inPieces(bytes, 1))).toEqual(scan([bytes]));
      }),
    );
  });

  it.each([
    ['HTTP/1.1 400 Bad Request\r\n', 'the type "H"'],
    ['$-2\r\n', 'a length out of range'],
    ['$9999999999\r\n', 'a length out of range'],
    ['|00\r\n', 'a length out of range'],
    ['$01\r\na\r\n', 'a length out of range'],
    ['$99999999999999999999\r\n', 'a length out of range'],
    [`$1${' '.repeat(32)}\r\n`, 'an unterminated header'],
    ['\r\r\n', 'the type "\\r"'],
    ['*-2\r\n', 'a length out of range'],
    ['%-1\r\n', 'a length out of range'],
    ['*x\r\n', 'a length out of range'],
    ['$1\n', 'a header without CR'],
    ['$1\r\nabc', 'a bulk string without its final CRLF'],
    ['\r\n', 'a header without CR'],
    ['.\r\n', 'an end marker outside a stream'],
    ['.0\r\n', 'an end marker outside a stream'],
    [';1\r\na\r\n', 'a chunk outside a streamed string'],
    [`${'*?\r\n'.repeat(65)}`, 'an invalid stream'],
  ])('refuses %j', (text, fault) => {
    expect(scan([Buffer.from(text)]).fault).toBe(fault);
    expect(scan(inPieces(Buffer.from(text), 1)).fault).toBe(fault);
  });

  it('recognizes a push by its type', () => {
    expect(scan([Buffer.from('>1\r\n+x\r\n')]).types).toEqual([replyType.push]);
  });
});
