import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRequest } from '../resp/encode.ts';
import { incomplete, malformed, RequestScanner } from '../resp/request-scanner.ts';
import { LargeRequest } from './large-request.ts';

/** Scans the first bytes of a request, then continues as a large one within an argument. */
function begin(bytes: Buffer, at: number): LargeRequest | undefined {
  const scanner = new RequestScanner();
  if (scanner.next(bytes, 0, at) !== incomplete || scanner.neededBytes <= at) return undefined;
  return new LargeRequest({ ...scanner.rest(0, at), begun: bytes.subarray(0, at) }, undefined);
}

describe('LargeRequest', () => {
  const words = fc.array(
    fc.uint8Array({ maxLength: 30 }).map((some) => Buffer.from(some)),
    { minLength: 1, maxLength: 4 },
  );

  it('ends at the end of the request, wherever it starts and however it is split', () => {
    fc.assert(
      fc.property(words, fc.nat(60), fc.integer({ min: 1, max: 20 }), (list, first, size) => {
        const bytes = encodeRequest(list);
        const large = begin(bytes, Math.min(first, bytes.length - 1));
        if (large === undefined) return;
        const more = Buffer.concat([bytes.subarray(Math.min(first, bytes.length - 1)), Buffer.from('next')]);
        let taken = 0;
        while (!large.isWhole)
          taken += large.take(more.subarray(taken, taken + size), Math.min(size, more.length - taken));
        expect(more.subarray(taken).toString()).toBe('next');
      }),
    );
  });

  it.each(['$x\r\n', '*1\r\n', '$-1\r\n', '$536870913\r\n', 'x'.repeat(20)])(
    'rejects %j as the next bytes',
    (header) => {
      const bytes = Buffer.from('*2\r\n$10\r\nabc');
      const rest = Buffer.from(`defghij\r\n${header}`);
      expect(begin(bytes, bytes.length)?.take(rest, rest.length)).toBe(malformed);
    },
  );

  it('knows the name of the command once it is complete', () => {
    const scanner = new RequestScanner();
    const bytes = Buffer.from('__*2\r\n$3\r\nSET\r\n$10\r\nab');
    scanner.next(bytes, 2, bytes.length);
    expect(scanner.rest(2, bytes.length)).toEqual({ bytesLeft: 10, argumentsLeft: 0 });
    expect(bytes.toString('latin1', scanner.nameStart, scanner.nameEnd)).toBe('SET');
    const nameless = new RequestScanner();
    nameless.next(Buffer.from('*2\r\n$10\r\nab'), 0, 11);
    expect(nameless.rest(0, 11)).toEqual({ bytesLeft: 10, argumentsLeft: 1 });
    expect(nameless.nameEnd - nameless.nameStart).toBe(0);
  });
});
