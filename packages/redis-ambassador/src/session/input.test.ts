import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Input } from './input.ts';

const content = (input: Input) => input.bytes.toString('latin1', input.start, input.end);

describe('Input', () => {
  it('holds unread bytes in order', () => {
    const step = fc.oneof(
      fc.record({ append: fc.string({ unit: 'binary-ascii', maxLength: 9000 }), expected: fc.nat(20_000) }),
      fc.record({ prepend: fc.string({ unit: 'binary-ascii', maxLength: 50 }) }),
      fc.record({ drop: fc.nat(9000) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const input = new Input();
        let model = '';
        for (const one of steps) {
          if ('append' in one) {
            const bytes = Buffer.from(`<${one.append}>`, 'latin1');
            input.append({ bytes, start: 1, end: bytes.length - 1, at: 0 }, one.expected);
            model += one.append;
          } else if ('prepend' in one) {
            input.prepend(Buffer.from(one.prepend, 'latin1'), 0);
            model = one.prepend + model;
          } else {
            const count = Math.min(one.drop, model.length);
            input.dropBefore(input.start + count);
            model = model.slice(count);
          }
          expect(content(input)).toBe(model);
          expect(input.size).toBe(model.length);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('knows the receive time of all bytes up to an offset', () => {
    const input = new Input();
    input.append({ bytes: Buffer.from('__abcd'), start: 2, end: 6, at: 100 }, 0);
    input.append({ bytes: Buffer.from('ef'), start: 0, end: 2, at: 200 }, 0);
    const times = (...ends: number[]) => ends.map((end) => input.arrivedAt(input.start + end));
    expect(times(1, 4, 5, 6)).toEqual([100, 100, 200, 200]);
    input.dropBefore(input.start + 3);
    expect(times(1, 2, 3)).toEqual([100, 200, 200]);
    input.prepend(Buffer.from('xy'), 50);
    expect(times(2, 3, 4)).toEqual([50, 100, 200]);
    input.restart(900);
    expect(times(1, 5)).toEqual([900, 900]);
    input.clear();
    input.append({ bytes: Buffer.from('a'), start: 0, end: 1, at: 950 }, 0);
    expect(times(1)).toEqual([950]);
  });

  it('holds no memory when it is empty', () => {
    const input = new Input();
    expect(input.heldBytes).toBe(0);
    input.append({ bytes: Buffer.from('abc'), start: 0, end: 3, at: 0 }, 0);
    expect(input.heldBytes).toBeGreaterThan(0);
    input.dropBefore(input.end);
    expect(input.heldBytes).toBe(0);
  });

  it('stays empty if cleared during a read', () => {
    const input = new Input();
    input.append({ bytes: Buffer.from('abc'), start: 0, end: 3, at: 0 }, 0);
    const { end } = input;
    input.clear();
    input.dropBefore(end);
    expect([input.size, input.heldBytes]).toEqual([0, 0]);
  });

  it('reserves an announced size only as bytes arrive', () => {
    const input = new Input();
    input.append({ bytes: Buffer.alloc(10_000), start: 0, end: 10_000, at: 0 }, 30_000);
    expect(input.heldBytes).toBe(65_536);
    const liar = new Input();
    liar.append({ bytes: Buffer.alloc(100), start: 0, end: 100, at: 0 }, 500_000_000);
    expect(liar.heldBytes).toBe(4096);
  });
});
