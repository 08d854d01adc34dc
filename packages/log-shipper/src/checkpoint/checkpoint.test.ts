import { describe, expect, it } from 'vitest';
import { type CheckpointFile, decodeCheckpoint, encodeMoves, encodeSnapshot } from './checkpoint.ts';

const position = (offset: number) => ({ offset, parts: 0, tail: `tail-${offset}` });

const file = (seq: number, positions: CheckpointFile['positions']): CheckpointFile => ({
  seq,
  file: `/var/log/ä "${seq}".log`,
  path: `/var/log/${seq}.log`,
  inode: '64:18446744073709551615',
  times: { modifiedUs: 1_700_000_000_123_456, bornUs: 0 },
  fingerprint: { length: 10, hash: 'hash' },
  positions,
});

const files = [file(1, new Map([['stdout:', position(10)]])), file(2, new Map())];

function decode(text: string) {
  const decoded = decodeCheckpoint(text);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded;
}

describe('checkpoint', () => {
  it('restores a snapshot', () => {
    expect(decode(encodeSnapshot(files))).toEqual({ ok: true, files, isTorn: false });
    expect(decode(encodeSnapshot([])).files).toEqual([]);
  });

  it('restores positions that moved after the snapshot', () => {
    const text =
      encodeSnapshot(files) +
      encodeMoves(
        'stdout:',
        new Map([
          [1, position(20)],
          [2, position(5)],
        ]),
      ) +
      encodeMoves('other', new Map([[1, position(7)]])) +
      encodeMoves(
        'stdout:',
        new Map([
          [1, position(30)],
          [99, position(1)],
        ]),
      );
    expect(decode(text).files.map(({ positions }) => Object.fromEntries(positions))).toEqual([
      { 'stdout:': position(30), other: position(7) },
      { 'stdout:': position(5) },
    ]);
  });

  it('restores all complete entries, wherever the file is torn', () => {
    const snapshot = encodeSnapshot(files);
    const moves = [15, 20, 30].map((offset) => encodeMoves('stdout:', new Map([[1, position(offset)]])));
    const text = Buffer.from(snapshot + moves.join(''));
    for (let length = 0; length < text.length; length++) {
      const decoded = decodeCheckpoint(text.subarray(0, length).toString());
      if (length < Buffer.byteLength(snapshot) - 1) {
        expect(decoded.ok).toBe(false);
        continue;
      }
      const offset = decoded.ok ? decoded.files[0]?.positions.get('stdout:')?.offset : undefined;
      // never ahead of the complete moves, at most one behind
      const whole = [10, 15, 20, 30].findLast(
        (_, index) =>
          length >= Buffer.byteLength(snapshot + moves.slice(0, index).join('')) - (index === 0 ? 1 : 0),
      );
      expect(offset).toBe(whole);
    }
  });

  it.each([
    ['an empty file', ''],
    ['garbage', 'garbage\n'],
    ['binary garbage', '\0\ufffd\u0001'.repeat(100)],
    ['JSON of another program', '{"version":1,"files":[]}\n'],
    ['a snapshot with one byte changed', encodeSnapshot(files).replace('stdout:', 'stdouT:')],
    ['moves without a snapshot', encodeMoves('stdout:', new Map())],
  ])('rejects %s', (_, text) => {
    expect(decodeCheckpoint(text)).toMatchObject({ ok: false });
  });

  it('stops at an altered line', () => {
    const first = encodeMoves('stdout:', new Map([[1, position(20)]]));
    const changed = encodeMoves('stdout:', new Map([[1, position(25)]])).replace('25', '26');
    const decoded = decode(
      encodeSnapshot(files) + first + changed + encodeMoves('stdout:', new Map([[1, position(40)]])),
    );
    expect(decoded.isTorn).toBe(true);
    expect(decoded.files[0]?.positions.get('stdout:')).toEqual(position(20));
  });
});
