import { buffers } from '../policy/buffer-pool.ts';
import { Arrivals } from './arrivals.ts';

/** What is appended: the bytes from `start` to `end`, and when they came. */
interface Piece {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly at: number;
}

/** What a client has sent and nobody has taken yet. Empty most of the time, and then without memory. */
export class Input {
  #bytes: Buffer | undefined;
  #start = 0;
  #end = 0;
  readonly #arrivals = new Arrivals();

  get size(): number {
    return this.#end - this.#start;
  }

  /** Memory that it holds, in bytes. */
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

  /** Takes a copy. `expected` is how large the content is known to become, or 0. */
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

  /** When what ends at `end`, an offset into `bytes`, had come whole. */
  arrivedAt(end: number): number {
    return this.#arrivals.at(end - this.#start - 1);
  }

  /** All that is there counts as having come now. */
  restart(now: number): void {
    this.#arrivals.restart(now);
  }

  /** Puts bytes in front of what is there; they came at `at`. */
  prepend(bytes: Buffer, at: number): void {
    const target = buffers.take(bytes.length + this.size);
    const size = bytes.copy(target) + this.bytes.copy(target, bytes.length, this.#start, this.#end);
    this.#release();
    this.#bytes = target;
    this.#end = size;
    this.#arrivals.prepend(bytes.length, at);
  }

  /** Drops what has been taken: all before `at`, an offset into `bytes`. */
  dropBefore(at: number): void {
    // it was all dropped meanwhile
    if (this.#bytes === undefined) return;
    this.#arrivals.drop(at - this.#start);
    this.#start = at;
    if (this.#start === this.#end) this.clear();
  }

  /** Drops everything, and the memory. */
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

/** At least double, so that what comes in small pieces is not copied again for each; what is announced at most once. */
function roomFor(size: number, before: number, expected: number): number {
  const announced = Math.min(expected, size * 4);
  return Math.max(size, before * 2, announced);
}
