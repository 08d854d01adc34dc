import { hash } from 'node:crypto';

/** How a file begins: the hash of its first `length` bytes, at most 1 KiB. It grows with a short file. */
export interface Fingerprint {
  readonly length: number;
  readonly hash: string;
}

/** How far a file is covered, with proof: what stands before that place. */
export interface Position {
  /** Offset of the first byte that is not covered. */
  readonly offset: number;
  /** How many parts of the line at `offset` are covered already; 0 at the start of a line. */
  readonly parts: number;
  /** Hash of the up to 256 bytes before `offset`. */
  readonly tail: string;
}

export const startOfFile: Position = { offset: 0, parts: 0, tail: '' };

export const headLength = 1024;
export const tailLength = 256;

/** Short, as it is kept for each file; it guards against accidents, not against malice. */
export function digest(bytes: Buffer): string {
  return bytes.length === 0 ? '' : hash('sha256', bytes, 'base64url').slice(0, 22);
}

export function fingerprint(head: Buffer): Fingerprint {
  return { length: head.length, hash: digest(head) };
}

/** What is remembered of a file's content. */
export interface KnownContent {
  readonly fingerprint: Fingerprint;
  readonly positions: readonly Position[];
}

/** A file to compare with. `read` gives fewer bytes than asked for at the end of the file. */
export interface Content {
  readonly size: number;
  read(offset: number, length: number): Promise<Buffer>;
}

/**
 * Whether a file still holds, or holds a copy of, what is remembered: it begins alike, and before each
 * position stands what stood there. A file of which nothing is known is like no other.
 */
export async function holds(content: Content, known: KnownContent): Promise<boolean> {
  const { length, hash: expected } = known.fingerprint;
  if (isUnknown(known) || content.size < length) return false;
  if (digest(await content.read(0, length)) !== expected) return false;
  for (const { offset, tail } of known.positions) {
    if (content.size < offset) return false;
    const before = Math.min(tailLength, offset);
    if (digest(await content.read(offset - before, before)) !== tail) return false;
  }
  return true;
}

/** Whether there is nothing to know a file by. */
export function isUnknown({ fingerprint: { length }, positions }: KnownContent): boolean {
  return length === 0 && positions.every(({ offset }) => offset === 0);
}

const compressedMagic: ReadonlyArray<readonly number[]> = [
  [0x1f, 0x8b], // gzip
  [0x28, 0xb5, 0x2f, 0xfd], // zstd
  [0x42, 0x5a, 0x68], // bzip2
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], // xz
];

/** Whether a file that begins like this is a compressed one: its lines were read before it was compressed. */
export function isCompressed(head: Buffer): boolean {
  return compressedMagic.some((magic) => magic.every((byte, index) => head[index] === byte));
}
