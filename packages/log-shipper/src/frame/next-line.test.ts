import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyLine } from './line.ts';
import { nextLine } from './next-line.ts';

interface Taken {
  readonly text: string;
  readonly part: number;
  readonly isLast: boolean;
}

/** Frames `content` that is read in pieces ending at `cuts`. */
function frame(content: Buffer, cuts: readonly number[], maxLine = 1000, takesPartial = false): Taken[] {
  const taken: Taken[] = [];
  const line = emptyLine();
  let offset = 0;
  let parts = 0;
  for (const end of [...cuts, content.length]) {
    // after its end, a real buffer has bytes of an earlier read
    const bytes = Buffer.concat([content.subarray(offset, end), Buffer.from('stale\nbytes')]);
    const chunk = { bytes, end: end - offset, base: offset };
    const state = { at: 0, parts };
    const isEnd = end === content.length;
    while (nextLine(chunk, state, { maxLine, takesPartial: takesPartial && isEnd }, line)) {
      const { start, end: lineEnd, part, isLast } = line;
      taken.push({ text: bytes.toString('latin1', start, lineEnd), part, isLast });
    }
    offset += state.at;
    parts = state.parts;
  }
  return taken;
}

const whole = (text: string): Taken => ({ text, part: 0, isLast: true });

describe('nextLine', () => {
  it.each<[string, string, string[]]>([
    ['finds one line', 'a\n', ['a']],
    ['finds empty lines', '\n\na\n', ['', '', 'a']],
    ['keeps a carriage return', 'a\r\n\r\n', ['a\r', '\r']],
    ['keeps NUL and other bytes', 'a\0b\xff\n', ['a\0b\xff']],
    ['leaves an unfinished line', 'a\nb', ['a']],
    ['finds nothing in nothing', '', []],
  ])('%s', (_, content, expected) => {
    expect(frame(Buffer.from(content, 'latin1'), [])).toEqual(expected.map(whole));
  });

  it('finds the same lines wherever a read ends', () => {
    const content = Buffer.from('first\n\nthird is longer\r\nlast\n');
    const expected = frame(content, []);
    for (let cut = 0; cut <= content.length; cut++) {
      expect(frame(content, [cut])).toEqual(expected);
    }
  });

  it('finds the same lines and parts for any content, limit and reads', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) =>
      // many newlines, and some text that is not ASCII
      Buffer.from(array.map((byte) => (byte % 7 === 0 ? 0x0a : byte))),
    );
    const cuts = fc.array(fc.nat(200), { maxLength: 5 });
    fc.assert(
      fc.property(bytes, cuts, fc.integer({ min: 8, max: 40 }), (content, at, maxLine) => {
        const ends = at.filter((cut) => cut <= content.length).sort((a, b) => a - b);
        // a read is always longer than the longest line
        const far = ends.filter((cut, index) => cut - (ends[index - 1] ?? 0) > maxLine + 4);
        const taken = frame(content, far, maxLine, true);
        expect(taken).toEqual(frame(content, [], maxLine, true));
        const text = taken.map(({ text: piece, isLast }) => piece + (isLast ? '\n' : '')).join('');
        const expected = content.toString('latin1');
        expect(expected.endsWith('\n') || expected === '' ? text : text.slice(0, -1)).toBe(expected);
        for (const { text: piece } of taken) expect(piece.length).toBeLessThanOrEqual(maxLine);
      }),
    );
  });

  it('splits a line above the limit, numbers its parts and marks the last', () => {
    expect(frame(Buffer.from('abcdefghij\nshort\n'), [], 4)).toEqual([
      { text: 'abcd', part: 1, isLast: false },
      { text: 'efgh', part: 2, isLast: false },
      { text: 'ij', part: 3, isLast: true },
      { text: 'shor', part: 1, isLast: false },
      { text: 't', part: 2, isLast: true },
    ]);
  });

  it('does not split a line of exactly the limit', () => {
    expect(frame(Buffer.from('abcd\n'), [], 4)).toEqual([whole('abcd')]);
  });

  it('does not split a character', () => {
    const parts = frame(Buffer.from('aaa😀bb€c\n'), [], 5).map(({ text }) =>
      Buffer.from(text, 'latin1').toString(),
    );
    expect(parts).toEqual(['aaa', '😀b', 'b€c']);
  });

  it('takes an unfinished last line on request', () => {
    expect(frame(Buffer.from('a\nunfinished'), [], 1000, true)).toEqual([whole('a'), whole('unfinished')]);
  });

  describe('after an unfinished line was taken', () => {
    const resume = (rest: string) => {
      const chunk = { bytes: Buffer.from(rest), end: rest.length, base: 0 };
      const state = { at: 0, parts: 1 };
      const line = emptyLine();
      const taken: Taken[] = [];
      while (nextLine(chunk, state, { maxLine: 100, takesPartial: false }, line)) {
        taken.push({ text: rest.slice(line.start, line.end), part: line.part, isLast: line.isLast });
      }
      return taken;
    };

    it('skips the newline that ends it', () => {
      expect(resume('\nnext\n')).toEqual([whole('next')]);
      expect(resume('\n')).toEqual([]);
    });

    it('marks the rest of the line as a part', () => {
      expect(resume(' the rest\nnext\n')).toEqual([
        { text: ' the rest', part: 2, isLast: true },
        whole('next'),
      ]);
    });
  });
});
