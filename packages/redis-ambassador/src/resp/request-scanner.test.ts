import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRequest } from './encode.ts';
import {
  anonymousLimits,
  incomplete,
  malformed,
  type RequestLimits,
  RequestScanner,
} from './request-scanner.ts';

interface Found {
  readonly requests: string[];
  readonly names: string[];
  readonly seconds: string[];
  readonly fault: string | undefined;
}

/**
 * Scans like a session: an incomplete request moves to other memory, at another offset, whenever
 * more bytes arrive.
 */
function scan(chunks: readonly Buffer[], limits?: RequestLimits): Found {
  const scanner = new RequestScanner();
  if (limits !== undefined) scanner.limits = limits;
  const found = { requests: [] as string[], names: [] as string[], seconds: [] as string[] };
  let kept = Buffer.alloc(0);
  for (const [index, chunk] of chunks.entries()) {
    const offset = index % 7;
    const bytes = Buffer.concat([Buffer.alloc(offset, '*'), kept, chunk]);
    let at = offset;
    for (;;) {
      const end = scanner.next(bytes, at, bytes.length);
      if (end === malformed) return { ...found, fault: scanner.fault };
      if (end === incomplete) break;
      found.requests.push(bytes.toString('latin1', at, end));
      if (!scanner.isInline && scanner.argumentCount > 0) {
        found.names.push(bytes.toString('latin1', scanner.nameStart, scanner.nameEnd));
        if (scanner.argumentCount > 1) {
          found.seconds.push(bytes.toString('latin1', scanner.secondStart, scanner.secondEnd));
        }
      }
      at = end;
    }
    kept = bytes.subarray(at);
  }
  return { ...found, fault: undefined };
}

/** All ways to cut bytes in two. */
function cuts(bytes: Buffer): Buffer[][] {
  return Array.from({ length: bytes.length + 1 }, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
}

const oneByOne = (bytes: Buffer) => Array.from(bytes, (byte) => Buffer.of(byte));

describe('RequestScanner', () => {
  const pipeline = [
    '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$12\r\n*1\r\n$4\r\nPING\r\n',
    '*1\r\n$4\r\nPING\r\n',
    'GET a\r\n',
    '*0\r\n',
    '*-1\r\n',
    '\r\n',
    '*2\r\n$4\r\nECHO\r\n$0\r\n\r\n',
    '*1\r\n$4\r\nPINGxx',
  ];

  it('finds requests wherever the bytes are split', () => {
    const bytes = Buffer.from(pipeline.join(''));
    for (const chunks of [[bytes], oneByOne(bytes), ...cuts(bytes)]) {
      expect(scan(chunks)).toEqual({
        requests: pipeline,
        names: ['SET', 'PING', 'ECHO', 'PING'],
        seconds: ['a', ''],
        fault: undefined,
      });
    }
  });

  const word = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
  const request = fc.array(word, { minLength: 1, maxLength: 5 });

  it('finds every request of any pipeline, in pieces of any size', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 6 }), fc.integer({ min: 1, max: 50 }), (requests, size) => {
        const bytes = Buffer.concat(requests.map(encodeRequest));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        const found = scan(chunks);
        expect(found.fault).toBeUndefined();
        expect(found.requests).toEqual(requests.map((words) => encodeRequest(words).toString('latin1')));
        expect(found.names).toEqual(requests.map(([name]) => name?.toString('latin1')));
      }),
    );
  });

  it('never reads beyond its input, for any bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 60 }).map((some) => Buffer.from(some));
    const likely = fc.stringMatching(/^([*$]|\d|-|\r\n|P|"){0,30}$/).map((text) => Buffer.from(text));
    fc.assert(
      fc.property(fc.oneof(bytes, likely), (input) => {
        const whole = scan([input]);
        expect(scan(oneByOne(input))).toEqual(whole);
      }),
    );
  });

  it.each([
    ['*x\r\n', 'invalid multibulk length'],
    ['*\r\n', 'invalid multibulk length'],
    ['*01\r\n', 'invalid multibulk length'],
    ['*+1\r\n', 'invalid multibulk length'],
    ['*-01\r\n', 'invalid multibulk length'],
    ['*2147483648\r\n', 'invalid multibulk length'],
    ['*99999999999999999999\r\n', 'invalid multibulk length'],
    ['*1\r\nPING\r\n', "expected '$', got 'P'"],
    ['*1\r\n$x\r\n', 'invalid bulk length'],
    ['*1\r\n$\r\n', 'invalid bulk length'],
    ['*1\r\n$-1\r\n', 'invalid bulk length'],
    ['*1\r\n$01\r\n', 'invalid bulk length'],
    ['*1\r\n$536870913\r\n', 'invalid bulk length'],
    ['*2\r\n$1\r\na\r\n$1x\r\n', 'invalid bulk length'],
  ])('refuses %j', (text, fault) => {
    for (const chunks of [[Buffer.from(text)], ...cuts(Buffer.from(text))]) {
      expect(scan(chunks).fault).toBe(fault);
    }
  });

  it.each([
    ['x'.repeat(65_537), 'too big inline request'],
    [`*${'1'.repeat(65_537)}`, 'too big mbulk count string'],
    [`*1\r\n$${'1'.repeat(65_537)}`, 'too big bulk count string'],
  ])('refuses a line without an end', (text, fault) => {
    expect(scan([Buffer.from(text)]).fault).toBe(fault);
    expect(scan([Buffer.from(text.slice(0, 65_000))]).fault).toBeUndefined();
  });

  it.each([
    ['*11\r\n', 'unauthenticated multibulk length'],
    ['*1\r\n$16385\r\n', 'unauthenticated bulk length'],
    ['*1\r\n$536870913\r\n', 'invalid bulk length'],
  ])('allows less before the login: %j', (text, fault) => {
    expect(scan([Buffer.from(text)], anonymousLimits).fault).toBe(fault);
  });

  it('reports the missing bytes of a request', () => {
    const scanner = new RequestScanner();
    const bytes = Buffer.from('*2\r\n$3\r\nGET\r\n$1000\r\nabc');
    expect(scanner.next(bytes, 0, bytes.length)).toBe(incomplete);
    expect(scanner.neededBytes).toBe(bytes.length - 3 + 1000 + 2);
  });
});
