import { createHash } from 'node:crypto';
import { byteAt } from '../resp/bytes.ts';

/** A hash of the bytes from `start` to `end` to 32 bits. */
export type RingHash = (bytes: Uint8Array, start: number, end: number) => number;

/** Reads a byte as signed, like C's `char`, as some of twemproxy's hashes do. */
function signed(bytes: Uint8Array, at: number): number {
  return (byteAt(bytes, at) << 24) >> 24;
}

/** Reads four bytes, the lowest first. */
function word(bytes: Uint8Array, at: number): number {
  const [low, high] = [byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8), byteAt(bytes, at + 2)];
  return low | (high << 16) | (byteAt(bytes, at + 3) << 24);
}

function oneAtATime(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let at = start; at < end; at++) {
    hash = (hash + signed(bytes, at)) | 0;
    hash = (hash + (hash << 10)) | 0;
    hash ^= hash >>> 6;
  }
  hash = (hash + (hash << 3)) | 0;
  hash ^= hash >>> 11;
  return (hash + (hash << 15)) >>> 0;
}

/** Makes FNV-1, which multiplies first, or FNV-1a. Only the lower 32 of the 64 bits are used and computed. */
function fnv(basis: number, prime: number, isA: boolean): RingHash {
  return (bytes, start, end) => {
    let hash = basis;
    for (let at = start; at < end; at++) {
      if (isA) hash = Math.imul(hash ^ signed(bytes, at), prime);
      else hash = Math.imul(hash, prime) ^ signed(bytes, at);
    }
    return hash >>> 0;
  };
}

const crc16Table = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
  return crc & 0xffff;
});

const crc32Table = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
  return crc;
});

/** Computes CRC-16, but keeps the bits shifted out of the 16. */
function crc16(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0;
  for (let at = start; at < end; at++) {
    crc = (crc << 8) ^ (crc16Table[((crc >>> 8) ^ byteAt(bytes, at)) & 0xff] ?? 0);
  }
  return crc >>> 0;
}

function crc32a(bytes: Uint8Array, start: number, end: number): number {
  let crc = -1;
  for (let at = start; at < end; at++) {
    crc = (crc >>> 8) ^ (crc32Table[(crc ^ byteAt(bytes, at)) & 0xff] ?? 0);
  }
  return ~crc >>> 0;
}

function crc32(bytes: Uint8Array, start: number, end: number): number {
  return (crc32a(bytes, start, end) >>> 16) & 0x7fff;
}

function md5(bytes: Uint8Array, start: number, end: number): number {
  return createHash('md5').update(bytes.subarray(start, end)).digest().readUInt32LE(0);
}

function hsieh(bytes: Uint8Array, start: number, end: number): number {
  const half = (at: number) => byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8);
  let hash = 0;
  let at = start;
  for (; end - at >= 4; at += 4) {
    hash = (hash + half(at)) | 0;
    hash = (hash << 16) ^ ((half(at + 2) << 11) ^ hash);
    hash = (hash + (hash >>> 11)) | 0;
  }
  hash = hsiehRest(hash, end - at, { half: () => half(at), byte: (index) => signed(bytes, at + index) });
  hash ^= hash << 3;
  hash = (hash + (hash >>> 5)) | 0;
  hash ^= hash << 4;
  hash = (hash + (hash >>> 17)) | 0;
  hash ^= hash << 25;
  return (hash + (hash >>> 6)) >>> 0;
}

/** Mixes in up to three bytes at the end. */
function hsiehRest(
  before: number,
  left: number,
  { half, byte }: { half: () => number; byte: (index: number) => number },
): number {
  let hash = before;
  if (left === 3) {
    hash = (hash + half()) | 0;
    hash ^= hash << 16;
    hash ^= byte(2) << 18;
    return (hash + (hash >>> 11)) | 0;
  }
  if (left === 2) {
    hash = (hash + half()) | 0;
    hash ^= hash << 11;
    return (hash + (hash >>> 17)) | 0;
  }
  if (left === 1) {
    hash = (hash + (byte(0) & 0xff)) | 0;
    hash ^= hash << 10;
    return (hash + (hash >>> 1)) | 0;
  }
  return hash;
}

/** MurmurHash2 with a seed that depends on the length. */
function murmur(bytes: Uint8Array, start: number, end: number): number {
  const prime = 0x5bd1e995;
  const length = end - start;
  let hash = Math.imul(0xdeadbeef, length) ^ length;
  let at = start;
  for (; end - at >= 4; at += 4) {
    let part = Math.imul(word(bytes, at), prime);
    part = Math.imul(part ^ (part >>> 24), prime);
    hash = Math.imul(hash, prime) ^ part;
  }
  if (end - at > 2) hash ^= byteAt(bytes, at + 2) << 16;
  if (end - at > 1) hash ^= byteAt(bytes, at + 1) << 8;
  if (end - at > 0) hash = Math.imul(hash ^ byteAt(bytes, at), prime);
  hash = Math.imul(hash ^ (hash >>> 13), prime);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Rotates 32 bits to the left. */
function turned(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** Jenkins' lookup3 (`hashlittle`). */
function jenkins(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let a = (0xdeadbeef + (end - start) + 13) | 0;
  let b = a;
  let c = a;
  for (; end - at > 12; at += 12) {
    a = (a + word(bytes, at)) | 0;
    b = (b + word(bytes, at + 4)) | 0;
    c = (c + word(bytes, at + 8)) | 0;
    a = ((a - c) | 0) ^ turned(c, 4);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ turned(a, 6);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ turned(b, 8);
    b = (b + a) | 0;
    a = ((a - c) | 0) ^ turned(c, 16);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ turned(a, 19);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ turned(b, 4);
    b = (b + a) | 0;
  }
  if (at === end) return c >>> 0;
  const rest = new Uint8Array(12);
  rest.set(bytes.subarray(at, end));
  a = (a + word(rest, 0)) | 0;
  b = (b + word(rest, 4)) | 0;
  c = (c + word(rest, 8)) | 0;
  c = ((c ^ b) - turned(b, 14)) | 0;
  a = ((a ^ c) - turned(c, 11)) | 0;
  b = ((b ^ a) - turned(a, 25)) | 0;
  c = ((c ^ b) - turned(b, 16)) | 0;
  a = ((a ^ c) - turned(c, 4)) | 0;
  b = ((b ^ a) - turned(a, 14)) | 0;
  return ((c ^ b) - turned(b, 24)) >>> 0;
}

/** twemproxy's hashes, bit by bit. */
export const ringHashes = {
  one_at_a_time: oneAtATime,
  md5,
  crc16,
  crc32,
  crc32a,
  fnv1_64: fnv(0x84222325, 0x1b3, false),
  fnv1a_64: fnv(0x84222325, 0x1b3, true),
  fnv1_32: fnv(0x811c9dc5, 0x01000193, false),
  fnv1a_32: fnv(0x811c9dc5, 0x01000193, true),
  hsieh,
  murmur,
  jenkins,
} as const satisfies Readonly<Record<string, RingHash>>;
