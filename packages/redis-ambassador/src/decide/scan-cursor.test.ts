import { describe, expect, it } from 'vitest';
import { scanAt, scanOn, scanReply } from './scan-cursor.ts';

describe('the cursor of SCAN over several nodes', () => {
  it.each<[string, ReturnType<typeof scanAt>]>([
    ['0', { index: 0, cursor: '0' }],
    ['1', { index: 1, cursor: '0' }],
    [String(7 * 1024 + 2), { index: 2, cursor: '7' }],
    ['3', undefined],
    ['x', undefined],
    ['-1', undefined],
    ['', undefined],
  ])('is read from %j', (text, place) => {
    expect(scanAt(text, 3)).toEqual(place);
  });

  it.each<[index: number, cursor: string, next: string | undefined]>([
    [0, '7', String(7 * 1024)],
    [0, '0', '1'],
    [1, '0', '2'],
    [2, '0', '0'],
    [2, '18014398509481983', '18446744073709550594'],
    [2, '18014398509481984', undefined],
  ])('continues after node %i returned %s', (index, cursor, next) => {
    expect(scanOn({ index, cursor: cursor }, 3)).toBe(next);
    if (next !== undefined && cursor !== '0') expect(scanAt(next, 3)).toEqual({ index, cursor });
  });

  it("replaces the node's cursor", () => {
    const reply = Buffer.from('*2\r\n$1\r\n0\r\n*1\r\n$1\r\na\r\n');
    expect(scanReply(reply, '1', 3).toString()).toBe('*2\r\n$1\r\n2\r\n*1\r\n$1\r\na\r\n');
    expect(scanReply(Buffer.from('-ERR syntax error\r\n'), '1', 3).toString()).toBe('-ERR syntax error\r\n');
  });
});
