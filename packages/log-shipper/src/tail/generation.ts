import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  type Content,
  fingerprint,
  headLength,
  type KnownContent,
  type Position,
  tailLength,
} from './content.ts';
import { type FileFacts, type FileTimes, factsOf } from './file-facts.ts';
import { GrowthLog } from './growth-log.ts';
import { placeOf } from './place-of.ts';
import { refusal } from './refusal.ts';

/** A file that was opened, with what was true of it at that moment. */
export interface Opened {
  readonly path: string;
  /** With all links resolved. */
  readonly realPath: string;
  readonly handle: FileHandle;
  readonly facts: FileFacts;
  readonly head: Buffer;
}

/**
 * Opens a regular file to read it. Nothing is read before `check` has seen where the file is that was opened: a
 * name can be that of another file a moment later. Does not wait where the name turns out to be a pipe.
 */
export async function openFile(path: string, check?: (realPath: string) => void): Promise<Opened> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const stats = await handle.stat({ bigint: true });
    const realPath = await placeOf(handle, path);
    check?.(realPath);
    if (!stats.isFile()) throw refusal('not_regular', `${realPath} is not a regular file`);
    const facts = factsOf(stats);
    return { path, realPath, handle, facts, head: await readRange(handle, 0, headLength) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Reads up to `length` bytes; fewer at the end of the file. */
export async function readRange(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

export function contentOf({ handle, facts }: Pick<Opened, 'handle' | 'facts'>): Content {
  return { size: facts.size, read: (offset, length) => readRange(handle, offset, length) };
}

/** Whether a generation may be read, and if not, why. */
export type GenerationState =
  /** It could be the beginning of a copy of another file: that is still to be looked at. */
  | { readonly is: 'new' }
  /** It looks like a copy of `original`, which may be about to be truncated. `size` is what it has had since `sinceMs`. */
  | {
      readonly is: 'held';
      readonly original: Generation;
      readonly size: number;
      readonly sinceMs: number;
    }
  | { readonly is: 'readable' }
  /** The bytes before a position have changed: not read on until that is cleared up. */
  | { readonly is: 'suspect' }
  /** Given up: read to its end and gone, or its content is gone. */
  | { readonly is: 'ended' };

/**
 * One generation of a log file: what is written between its creation, or a truncation, and its end. All
 * generations that a name has had are shipped under that name, one after the other.
 */
export class Generation {
  /** Grows with each generation that is found: the order in which those of one name are read. */
  readonly seq: number;
  /** The name under which it was found first. */
  readonly file: string;
  /** Up to where each sink has acknowledged it, by the sink's name. */
  readonly positions: Map<string, Position>;
  readonly growth = new GrowthLog();
  /** Where it was seen last; a rotation changes that. */
  path: string;
  realPath: string;
  handle: FileHandle;
  facts: FileFacts;
  head: Buffer;
  /** Whether a glob finds it now. */
  isListed = false;
  /** Began with a truncation: a writer that does not append leaves a run of NULs at its start. */
  readonly isRewritten: boolean;
  state: GenerationState = { is: 'new' };
  /** The generations of the same name before and after it, while they are there. */
  previous: Generation | undefined;
  next: Generation | undefined;
  /** When something happened to it, in milliseconds of the monotonic clock. */
  changedAtMs: number;
  #copiedAfterUs: number | undefined;

  constructor(
    opened: Opened,
    {
      seq,
      file,
      positions,
      isRewritten,
      copiedAfterUs,
      nowMs,
    }: GenerationOrigin & { seq: number; nowMs: number },
  ) {
    this.#copiedAfterUs = copiedAfterUs;
    this.seq = seq;
    this.file = file;
    this.positions = positions ?? new Map();
    this.isRewritten = isRewritten ?? false;
    this.changedAtMs = nowMs;
    this.path = opened.path;
    this.realPath = opened.realPath;
    this.handle = opened.handle;
    this.head = opened.head;
    // nothing is read before the sizes of all generations of its name were taken in the right order
    this.facts = { ...opened.facts, size: 0 };
  }

  get size(): number {
    return this.facts.size;
  }

  is(state: GenerationState['is']): boolean {
    return this.state.is === state;
  }

  /** What is younger than this came after it. */
  get times(): FileTimes {
    const { modifiedUs, bornUs } = this.facts;
    if (this.#copiedAfterUs === undefined || bornUs === 0) return { modifiedUs, bornUs };
    // the copies of two truncations can be made within one tick of the system's clock
    return { modifiedUs, bornUs: Math.max(this.#copiedAfterUs, bornUs - 1) };
  }

  get known(): KnownContent {
    return { fingerprint: fingerprint(this.head), positions: [...this.positions.values()] };
  }

  /** Where relatives of it may be found. */
  get folders(): Set<string> {
    return new Set([this.file, this.path, this.realPath].map(dirname));
  }

  /** Its first bytes as they are now, when it has grown; undefined when it does not begin as it did. */
  async headNow(): Promise<Buffer | undefined> {
    const now = await readRange(this.handle, 0, headLength);
    return now.subarray(0, this.head.length).equals(this.head) ? now : undefined;
  }

  /** Whether both begin with the same bytes, as far as both have any. */
  beginsLike({ head }: Generation): boolean {
    const common = Math.min(this.head.length, head.length);
    return common > 0 && this.head.subarray(0, common).equals(head.subarray(0, common));
  }

  /** Whether the last bytes of this one are found in `other`, at the same place. */
  async endsWithin(other: Generation): Promise<boolean> {
    if (this.size > other.size) return false;
    const from = Math.max(0, this.size - tailLength);
    const length = this.size - from;
    const ours = await readRange(this.handle, from, length);
    return ours.equals(await readRange(other.handle, from, length));
  }

  /** Goes on in another file that holds the same content: the copy that was made before a truncation. */
  moveTo({ path, realPath, handle, facts }: Omit<Opened, 'head'>): void {
    this.#copiedAfterUs = this.facts.modifiedUs;
    this.path = path;
    this.realPath = realPath;
    this.handle = handle;
    this.facts = facts;
    this.state = { is: 'readable' };
  }
}

/** How a generation came to be known. */
export interface GenerationOrigin {
  readonly file: string;
  readonly positions?: Map<string, Position>;
  readonly isRewritten?: boolean;
  /** It is a copy that was made after this time, in microseconds since 1970. */
  readonly copiedAfterUs?: number | undefined;
}
