import type { LineScanner } from '../parse/line-scanner.ts';

export interface LineCacheBounds {
  readonly maxEntries: number;
  /** Room for the bytes of all keys. */
  readonly maxKeyBytes: number;
  /** Lines with a longer key are not cached. */
  readonly maxKeyLength: number;
}

const defaultBounds: LineCacheBounds = { maxEntries: 262_144, maxKeyBytes: 32 << 20, maxKeyLength: 1024 };
const firstSlots = 1024;
const firstKeyBytes = 64 << 10;
const maxProbes = 32;

/**
 * Maps the raw bytes of a line without its value to the meaning of such lines. Keys are compared byte by byte, so
 * hash collisions cost only time. The cache grows up to its bounds and is then emptied: keys in use return at once,
 * for a few microseconds each.
 */
export class LineCache<Value> {
  readonly #bounds: LineCacheBounds;
  #values: Array<Value | undefined> = [];
  #hashes = new Int32Array(0);
  /** The start of a slot's key in `#keys`, and the lengths of its two parts. */
  #places = new Int32Array(0);
  #keys = new Uint8Array(0);
  #keyBytes = 0;
  #size = 0;

  constructor(bounds: Partial<LineCacheBounds> = {}) {
    this.#bounds = { ...defaultBounds, ...bounds };
    this.clear();
  }

  get size(): number {
    return this.#size;
  }

  clear(): void {
    this.#values = new Array<Value | undefined>(firstSlots).fill(undefined);
    this.#hashes = new Int32Array(firstSlots);
    this.#places = new Int32Array(firstSlots * 3);
    this.#keys = new Uint8Array(firstKeyBytes);
    this.#keyBytes = 0;
    this.#size = 0;
  }

  /** Looks up the scanned line, which must have a colon and a pipe. */
  get(bytes: Uint8Array, line: LineScanner): Value | undefined {
    const mask = this.#values.length - 1;
    const hash = line.hash;
    for (let probe = 0, slot = hash & mask; probe < maxProbes; probe++, slot = (slot + 1) & mask) {
      const value = this.#values[slot];
      if (value === undefined) return undefined;
      if (this.#hashes[slot] === hash && this.#isKeyOf(slot, bytes, line)) return value;
    }
    return undefined;
  }

  set(bytes: Uint8Array, line: LineScanner, value: Value): void {
    const length = line.colon - line.start + (line.end - line.pipe);
    if (length > this.#bounds.maxKeyLength) return;
    this.#makeRoom(length);
    const slot = this.#slotFor(bytes, line);
    if (slot < 0) return;
    if (this.#values[slot] === undefined) this.#putKey(slot, bytes, line);
    this.#values[slot] = value;
  }

  #putKey(slot: number, bytes: Uint8Array, { start, colon, pipe, end, hash }: LineScanner): void {
    const place = this.#keyBytes;
    this.#keys.set(bytes.subarray(start, colon), place);
    this.#keys.set(bytes.subarray(pipe, end), place + colon - start);
    this.#keyBytes += colon - start + end - pipe;
    this.#hashes[slot] = hash;
    this.#places.set([place, colon - start, end - pipe], slot * 3);
    this.#size++;
  }

  /** Finds the slot of this key, or a free one for it; -1 if all its slots are taken. */
  #slotFor(bytes: Uint8Array, line: LineScanner): number {
    const mask = this.#values.length - 1;
    for (let probe = 0, slot = line.hash & mask; probe < maxProbes; probe++, slot = (slot + 1) & mask) {
      if (this.#values[slot] === undefined) return slot;
      if (this.#hashes[slot] === line.hash && this.#isKeyOf(slot, bytes, line)) return slot;
    }
    return -1;
  }

  #isKeyOf(slot: number, bytes: Uint8Array, { start, colon, pipe, end }: LineScanner): boolean {
    const places = this.#places;
    const headLength = colon - start;
    const tailLength = end - pipe;
    if (places[slot * 3 + 1] !== headLength || places[slot * 3 + 2] !== tailLength) return false;
    const keys = this.#keys;
    const head = places[slot * 3] as number; // three numbers a slot
    for (let at = 0; at < headLength; at++) if (keys[head + at] !== bytes[start + at]) return false;
    const tail = head + headLength;
    for (let at = 0; at < tailLength; at++) if (keys[tail + at] !== bytes[pipe + at]) return false;
    return true;
  }

  #freeSlot(hash: number): number {
    const mask = this.#values.length - 1;
    for (let probe = 0, slot = hash & mask; probe < maxProbes; probe++, slot = (slot + 1) & mask) {
      if (this.#values[slot] === undefined) return slot;
    }
    return -1;
  }

  #makeRoom(length: number): void {
    const { maxEntries, maxKeyBytes } = this.#bounds;
    if (this.#size >= maxEntries || this.#keyBytes + length > maxKeyBytes) {
      this.clear();
      return;
    }
    if (this.#size * 2 >= this.#values.length) this.#growTable();
    if (this.#keyBytes + length > this.#keys.length) {
      const grown = new Uint8Array(Math.min(maxKeyBytes, this.#keys.length * 2));
      grown.set(this.#keys);
      this.#keys = grown;
    }
  }

  #growTable(): void {
    const [values, hashes, places] = [this.#values, this.#hashes, this.#places];
    this.#values = new Array<Value | undefined>(values.length * 2).fill(undefined);
    this.#hashes = new Int32Array(values.length * 2);
    this.#places = new Int32Array(values.length * 6);
    for (const [old, value] of values.entries()) {
      if (value === undefined) continue;
      const hash = hashes[old] as number; // as long as the values
      const slot = this.#freeSlot(hash);
      if (slot < 0) {
        this.#size--;
        continue;
      }
      this.#values[slot] = value;
      this.#hashes[slot] = hash;
      this.#places.set(places.subarray(old * 3, old * 3 + 3), slot * 3);
    }
  }
}
