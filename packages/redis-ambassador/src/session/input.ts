import { buffers } from '../policy/buffer-pool.ts';
import { Arrivals } from './arrivals.ts';

/** Appended bytes from `start` to `end`, and their receive time. */
interface Piece {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly at: number;
}

/** Received bytes that are not taken yet. Mostly empty, and then without memory. */
export class Input {
  #bytes: Buffer | undefined;
  #start = 0;
  #end = 0;
  readonly #arrivals = new Arrivals();

  get size(): number {
    return this.#end - this.#start;
  }

  /** Held memory in bytes. */
  get heldBytes(): number {
    return this.#bytes?.length ?? 0;
  }

  get bytes(): Buffer {
    return this.#bytes ?? empty;
  }

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  /** Appends a copy. `expected` is the known final size of the content, or 0. */
  append({ bytes, start, end, at }: Piece, expected: number): void {
    this.#arrivals.append(end - start, at);
    const size = this.size + end - start;
    const room = this.#bytes?.length ?? 0;
    if (this.#bytes === undefined || this.#start + size > room) {
      const target = size <= room ? this.bytes : buffers.take(roomFor(size, room, expected));
      this.bytes.copy(target, 0, this.#start, this.#end);
      if (this.#bytes !== undefined && this.#bytes !== target) buffers.give(this.#bytes);
      this.#bytes = target;
      this.#end = this.size;
      this.#start = 0;
    }
    bytes.copy(this.#bytes, this.#end, start, end);
    this.#end += end - start;
  }

  /** Returns the time when all bytes before `end`, an offset into `bytes`, had been received. */
  arrivedAt(end: number): number {
    return this.#arrivals.at(end - this.#start - 1);
  }

  /** Sets the receive time of all bytes to now. */
  restart(now: number): void {
    this.#arrivals.restart(now);
  }

  /** Prepends bytes received at `at`. */
  prepend(bytes: Buffer, at: number): void {
    const target = buffers.take(bytes.length + this.size);
    const size = bytes.copy(target) + this.bytes.copy(target, bytes.length, this.#start, this.#end);
    this.#release();
    this.#bytes = target;
    this.#end = size;
    this.#arrivals.prepend(bytes.length, at);
  }

  /** Drops the taken bytes: all before `at`, an offset into `bytes`. */
  dropBefore(at: number): void {
    // everything was dropped meanwhile
    if (this.#bytes === undefined) return;
    this.#arrivals.drop(at - this.#start);
    this.#start = at;
    if (this.#start === this.#end) this.clear();
  }

  /** Drops all bytes and frees the memory. */
  clear(): void {
    this.#arrivals.drop(this.size);
    this.#release();
  }

  #release(): void {
    if (this.#bytes !== undefined) buffers.give(this.#bytes);
    this.#bytes = undefined;
    this.#start = this.#end = 0;
  }
}

const empty = Buffer.alloc(0);

/** Grows at least twofold, so that small pieces cost few copies; an announced size is allocated at most once. */
function roomFor(size: number, before: number, expected: number): number {
  const announced = Math.min(expected, size * 4);
  return Math.max(size, before * 2, announced);
}
