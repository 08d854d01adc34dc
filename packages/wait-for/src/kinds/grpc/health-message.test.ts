import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeHealthResponse } from './health-message.ts';

const framed = (...body: readonly number[]) => Buffer.from([0, 0, 0, 0, body.length, ...body]);

it.each([
  ['nothing, which is the default', framed(), 'UNKNOWN'],
  ['a status', framed(8, 1), 'SERVING'],
  ['another', framed(8, 2), 'NOT_SERVING'],
  ['one that is not known yet', framed(8, 9), 'UNKNOWN'],
  ['the last of several', framed(8, 1, 8, 2), 'NOT_SERVING'],
  ['a number before it', framed(16, 200, 1, 8, 1), 'SERVING'],
  ['a text behind it', framed(8, 1, 26, 3, 97, 98, 99), 'SERVING'],
  ['64 bits', framed(33, 1, 2, 3, 4, 5, 6, 7, 8, 8, 1), 'SERVING'],
  ['32 bits', framed(45, 1, 2, 3, 4, 8, 1), 'SERVING'],
  ['a field with a high number', framed(0xaa, 0x06, 2, 1, 2, 8, 1), 'SERVING'],
  ['a status of many bytes', framed(8, 0x81, 0x80, 0), 'SERVING'],
  ['half a status', framed(8), undefined],
  ['half a text', framed(26, 5, 97), undefined],
  ['a group, of long ago', framed(11, 8, 2, 18, 1, 97, 12, 8, 1), 'SERVING'],
  ['a group in a group', framed(11, 19, 8, 2, 20, 12, 8, 1), 'SERVING'],
  ['half a group', framed(11, 8, 1), undefined],
  ['the end of a group that has not begun', framed(12, 8, 1), undefined],
  ['groups without an end', framed(...Array(200).fill(11)), undefined],
  ['a number without an end', framed(8, ...Array(12).fill(0xff)), undefined],
  ['half a frame', framed(8, 1).subarray(0, 6), undefined],
  ['a compressed message', Buffer.from([1, 0, 0, 0, 2, 8, 1]), undefined],
  ['nothing at all', Buffer.alloc(0), undefined],
])('%s', (_, message, status) => {
  expect(decodeHealthResponse(message)).toBe(status);
});

it('ends with any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeHealthResponse(Buffer.from(bytes))),
  );
});
