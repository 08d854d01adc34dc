import { decode } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import { JsonObjectScanner } from '../../record/json-object.ts';
import { EntryHead } from './entry-head.ts';
import { map, putHeader } from './msgpack.ts';

/** Reads the fields of ours beside those of a line. */
function fieldsBeside(line: string, offset: number): unknown {
  const head = new EntryHead({ labels: { team: 'x' }, pod: { name: 'web-1' } });
  head.begin('/var/log/app.log');
  const scanner = new JsonObjectScanner();
  scanner.scan(Buffer.from(line), 0, line.length);
  const out = Buffer.alloc(1 + head.room);
  const end = scanner.hasTaken ? head.putBeside(out, 1, offset, scanner.taken) : head.put(out, 1, offset);
  expect(end).toBeLessThanOrEqual(out.length);
  return decode(out.subarray(0, putHeader(out, 0, end, map, head.count)), { useBigInt64: true });
}

describe('EntryHead', () => {
  it('writes an offset beyond 4 GiB as a whole number', () => {
    expect(fieldsBeside('{}', 5_000_000_000)).toMatchObject({ offset: 5_000_000_000n });
  });

  it('gives way by as many underscores as it takes, in no more room than it says', () => {
    const names = ['file', 'offset', 'labels', 'pod'];
    const taken = names.flatMap((name) =>
      Array.from({ length: 31 }, (_, count) => [`${'_'.repeat(count)}${name}`, 0]),
    );
    const free = (name: string) => `${'_'.repeat(31)}${name}`;
    expect(fieldsBeside(JSON.stringify(Object.fromEntries(taken)), 2 ** 53 - 1)).toEqual({
      [free('file')]: '/var/log/app.log',
      [free('offset')]: 2n ** 53n - 1n,
      [free('labels')]: { team: 'x' },
      [free('pod')]: { name: 'web-1' },
    });
  });
});
