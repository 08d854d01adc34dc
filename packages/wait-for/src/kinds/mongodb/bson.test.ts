import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeBson, encodeBson } from './bson.ts';

const name = fc.string({ minLength: 1 }).filter((text) => !text.includes('\0'));
const value = fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.string());

it('reads what it has written', () => {
  fc.assert(
    fc.property(fc.dictionary(name, value), (document) => {
      expect(decodeBson(encodeBson(document))).toEqual(new Map(Object.entries(document)));
    }),
  );
});

it('skips fields that it does not need', () => {
  const nested = encodeBson({ a: 1 });
  const id = Buffer.concat([Buffer.from([7]), Buffer.from('id\0'), Buffer.alloc(12, 1)]);
  const inner = Buffer.concat([Buffer.from([3]), Buffer.from('in\0'), nested]);
  const date = Buffer.concat([Buffer.from([9]), Buffer.from('at\0'), Buffer.alloc(8, 1)]);
  const body = Buffer.concat([Buffer.alloc(4), id, inner, date, encodeBson({ ok: 1 }).subarray(4)]);
  expect(decodeBson(body)?.get('ok')).toBe(1);
});

it('ends with any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      decodeBson(Buffer.from(bytes));
    }),
  );
});
