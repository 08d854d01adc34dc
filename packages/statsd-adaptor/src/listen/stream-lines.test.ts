import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestAdaptor } from '../../testing/adaptor.ts';
import { maxLineBytes, StreamLines } from './stream-lines.ts';

/** Makes an adaptor and sends it a stream of these chunks. */
function receive(pieces: readonly Buffer[]): TestAdaptor & { isWhole: boolean } {
  const adaptor = new TestAdaptor();
  const lines = new StreamLines((bytes) => adaptor.pipeline.takeLines(bytes));
  const isWhole = pieces.every((piece) => lines.push(piece));
  const rest = lines.end();
  if (isWhole && rest.length > 0) adaptor.pipeline.takeDatagram(rest);
  return Object.assign(adaptor, { isWhole });
}

const seen = (adaptor: TestAdaptor) => [adaptor.brief(), adaptor.errors(), adaptor.counts.lines];

describe('StreamLines', () => {
  const text = Buffer.from('foo:1|c\nbar:2|g|#a:ü😱\r\n\nfoo:2|c\nnope\nt:1:2:3|ms\r\nlast:1|c');
  const expected = [['c foo 3', 'c last 1', 'g bar{a="ü😱"} 2', 'o t 0.006/3'], ['malformed_line'], 7];

  it('takes a stream in one piece', () => {
    expect(seen(receive([text]))).toEqual(expected);
  });

  it('takes a stream split at every offset', () => {
    for (let at = 0; at <= text.length; at++) {
      expect(seen(receive([text.subarray(0, at), text.subarray(at)]))).toEqual(expected);
    }
  });

  it('takes a stream byte by byte', () => {
    expect(seen(receive([...text].map((byte) => Buffer.from([byte]))))).toEqual(expected);
  });

  it('takes a stream split anywhere', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length })), (cuts) => {
        const bounds = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const pieces = bounds.slice(1).map((end, at) => text.subarray(bounds[at], end));
        expect(seen(receive(pieces))).toEqual(expected);
      }),
    );
  });

  const line = (length: number) => `${'x'.repeat(length - 4)}:1|c`;

  it.each([
    ['the longest line', `${line(maxLineBytes)}\n`, true],
    ['the longest line at the end', line(maxLineBytes), true],
    ['a carriage return that counts', `${line(maxLineBytes - 1)}\r\n`, true],
    ['a carriage return too many', `${line(maxLineBytes)}\r\n`, false],
    ['a line of a byte too many', `${line(maxLineBytes + 1)}\n`, false],
    ['an end of a byte too many', line(maxLineBytes + 1), false],
    ['many long lines', `${line(maxLineBytes)}\n`.repeat(50), true],
    ['a long line after others', `${'a:1|c\n'.repeat(2000)}${line(maxLineBytes + 1)}\nb:1|c\n`, false],
    ['no line at all', 'x'.repeat(100_000), false],
  ])('splits a stream with %s, whatever its chunks', (_, stream, isWhole) => {
    const bytes = Buffer.from(stream);
    const sizes = [1, 7, 1000, 4095, 4096, 65_536, bytes.length];
    for (const size of sizes) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
      const received = receive(pieces);
      expect(received.isWhole).toBe(isWhole);
      // lines before the long one are taken
      if (stream.startsWith('a:1|c')) expect(received.brief()).toEqual(['c a 2000']);
    }
  });
});
