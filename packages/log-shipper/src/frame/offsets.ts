/** Place of a chunk in its file, before decoding. */
export interface Place {
  readonly base: number;
  readonly end: number;
  /** Bytes per code unit: a character beyond U+FFFF has two. */
  readonly unit: 1 | 2;
}

/** Maps indexes of a decoded chunk to file offsets and back. Fast if the calls are in order. */
export class Offsets {
  readonly #bytes: Buffer;
  readonly #place: Place;
  #index = 0;
  #offset: number;

  constructor(bytes: Buffer, place: Place) {
    this.#bytes = bytes;
    this.#place = place;
    this.#offset = place.base;
  }

  /** The file offset of the character at this index, or after the last one. */
  offsetOf(index: number): number {
    if (index < this.#index) this.#rewind();
    while (this.#index < index) this.#step();
    return Math.min(this.#offset, this.#place.end);
  }

  /** The index of the character at this file offset. */
  indexOf(offset: number): number {
    if (offset < this.#offset) this.#rewind();
    while (this.#offset < offset && this.#index < this.#bytes.length) this.#step();
    return this.#index;
  }

  #rewind(): void {
    this.#index = 0;
    this.#offset = this.#place.base;
  }

  #step(): void {
    const first = this.#bytes[this.#index] ?? 0;
    this.#index += lengthOf(first);
    const isPair = first >= 0xf0;
    this.#offset += isPair ? this.#place.unit * 2 : this.#place.unit;
  }
}

/** Length of the UTF-8 character that begins with this byte. */
function lengthOf(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
