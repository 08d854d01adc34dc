import { hash } from 'node:crypto';
import { type EncodingChoice, encodingOf, unitBytes } from './encoding.ts';

/** Hash of the first `length` bytes of a file, at most 1 KiB. It grows with a short file. */
export interface Fingerprint {
  readonly length: number;
  readonly hash: string;
}

/** Covered part of a file, with a hash of the bytes before its end as proof. */
export interface Position {
  /** Offset of the first byte that is not covered. */
  readonly offset: number;
  /** Number of covered parts of the line at `offset`; 0 at the start of a line. */
  readonly parts: number;
  /** Hash of the up to 256 bytes before `offset`. */
  readonly tail: string;
}

export const startOfFile: Position = { offset: 0, parts: 0, tail: '' };

export const headLength = 1024;
export const tailLength = 256;

/** Short, because each file keeps it. Guards against accidents, not against malice. */
export function digest(bytes: Buffer): string {
  return bytes.length === 0 ? '' : hash('sha256', bytes, 'base64url').slice(0, 22);
}

export function fingerprint(head: Buffer): Fingerprint {
  return { length: head.length, hash: digest(head) };
}

/** Remembered facts about a file's content. */
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
 * Whether a file still holds the remembered content, or a copy of it: its beginning and the bytes before each position are
 * the same. A file without remembered content never matches.
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

/** Whether nothing is remembered to recognize a file by. */
export function isUnknown({ fingerprint: { length }, positions }: KnownContent): boolean {
  return length === 0 && positions.every(({ offset }) => offset === 0);
}

const blockLength = 64 * 1024;
/** This many NULs in a row count as the unwritten rest of the file. */
const mostNuls = 1024 * 1024;

/**
 * End of the data of a file, at least `from`. Some writers create a file at its final size and fill it bit by bit: the NULs
 * at its end are not written yet.
 */
export async function endOfData(
  { size, read }: Content,
  from: number,
  choice: EncodingChoice = 'auto',
): Promise<number> {
  if (size === 0 || (await read(size - 1, 1))[0] !== 0) return size;
  // half of a UTF-16 character can be a NUL
  const unit = unitBytes(encodingOf(choice, await read(0, 2)));
  if ((await read(Math.max(0, size - unit), unit)).some((byte) => byte !== 0)) return size;
  let end = Math.min(from, size);
  for (let at = end; at < size && at - end <= mostNuls; at += blockLength) {
    const written = withoutNuls(await read(at, Math.min(blockLength, size - at))).length;
    if (written > 0) end = at + written;
  }
  return Math.min(size, end + (end % unit));
}

/** The content before the NULs at the end. */
export function withoutNuls(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}

/** First bytes of gzip, zstd, xz and bzip2. The name of the last one alone could begin a line of text. */
const compressed = /^(?:\x1f\x8b|\x28\xb5\x2f\xfd|\xfd7zXZ\0|BZh[1-9]1AY&SY)/;

/** Whether a file that begins like this is compressed. Its lines were read before that. */
export function isCompressed(head: Buffer): boolean {
  return compressed.test(head.toString('latin1', 0, 10));
}
