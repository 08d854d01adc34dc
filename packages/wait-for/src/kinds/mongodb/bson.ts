/** The subset of BSON that a handshake needs (bsonspec.org): numbers, texts and booleans; anything else is `null`. */
export type BsonValue = number | string | boolean | null;

const types = { double: 0x01, text: 0x02, boolean: 0x08, int32: 0x10, int64: 0x12 } as const;

/** Writes a flat document. */
export function encodeBson(document: Readonly<Record<string, number | string>>): Buffer {
  const elements = Object.entries(document).map(([name, value]) => {
    const key = Buffer.from(`${name}\0`);
    if (typeof value === 'number') {
      const number = Buffer.alloc(4);
      number.writeInt32LE(value);
      return Buffer.concat([Buffer.of(types.int32), key, number]);
    }
    const text = Buffer.from(`${value}\0`);
    const length = Buffer.alloc(4);
    length.writeInt32LE(text.length);
    return Buffer.concat([Buffer.of(types.text), key, length, text]);
  });
  const body = Buffer.concat(elements);
  const length = Buffer.alloc(4);
  length.writeInt32LE(body.length + 5);
  return Buffer.concat([length, body, Buffer.of(0)]);
}

/** Reads the top level of a document; undefined when it is not one. */
export function decodeBson(bytes: Buffer): ReadonlyMap<string, BsonValue> | undefined {
  const values = new Map<string, BsonValue>();
  try {
    let at = 4;
    while (bytes[at] !== 0) {
      const type = bytes.readUInt8(at);
      const nameEnd = bytes.indexOf(0, at + 1);
      if (nameEnd < 0) return undefined;
      const start = nameEnd + 1;
      const size = sizeOf(type, bytes, start);
      if (size === undefined || size < 0 || start + size >= bytes.length) return undefined;
      values.set(bytes.toString('utf8', at + 1, nameEnd), readValue(type, bytes, start));
      at = start + size;
    }
    return values;
  } catch {
    // a read behind the end
    return undefined;
  }
}

function readValue(type: number, bytes: Buffer, at: number): BsonValue {
  if (type === types.double) return bytes.readDoubleLE(at);
  if (type === types.text) return bytes.toString('utf8', at + 4, at + 3 + bytes.readInt32LE(at));
  if (type === types.boolean) return bytes[at] === 1;
  if (type === types.int32) return bytes.readInt32LE(at);
  return type === types.int64 ? Number(bytes.readBigInt64LE(at)) : null;
}

const fixedSizes: Readonly<Record<number, number>> = {
  1: 8, // double
  6: 0, // undefined
  7: 12, // object id
  8: 1, // boolean
  9: 8, // date
  10: 0, // null
  16: 4, // int32
  17: 8, // timestamp
  18: 8, // int64
  19: 16, // decimal
  127: 0, // greatest
  255: 0, // least
};

/** How long a value is; undefined for a type that no server sends in a handshake. */
function sizeOf(type: number, bytes: Buffer, at: number): number | undefined {
  const fixed = fixedSizes[type];
  if (fixed !== undefined) return fixed;
  if (type === types.text) return 4 + bytes.readInt32LE(at);
  // a document or an array counts its own length in; binary data has a byte of subtype more
  if (type === 3 || type === 4) return bytes.readInt32LE(at);
  return type === 5 ? 5 + bytes.readInt32LE(at) : undefined;
}
