const slotBits = 13;
const slots = 2 ** slotBits;
const mostKeys = slots / 2;
/** Slots tried for one key: this bounds the cost of a line whose keys were made to collide. */
const mostSteps = 64;

/**
 * Finds out whether an object repeats a key, by a hash table that keeps where each key was written. With very many
 * keys in a line, or keys that collide too often, it gives up and says that one may be repeated.
 */
export class KeyCheck {
  mayRepeat = false;
  /** For each slot: the object of its key, and where the key starts and ends. */
  readonly #objects = new Float64Array(slots);
  readonly #starts = new Int32Array(slots);
  readonly #ends = new Int32Array(slots);
  #object = 0;
  /** The last object of the line before. */
  #before = 0;
  #count = 0;

  /** Begins a line. */
  begin(): void {
    this.mayRepeat = false;
    this.#before = this.#object;
    this.#count = 0;
  }

  /** Begins an object. Returns its number for `add`, which no other object has. */
  open(): number {
    this.#object += 1;
    return this.#object;
  }

  /** The key at `start` to `end` of an object, with any hash of its bytes. */
  add(object: number, hash: number, out: Buffer, start: number, end: number): void {
    if (this.mayRepeat) return;
    this.#count += 1;
    // lines of the same form use the same slots, which are in the processor's cache
    const ordinal = object - this.#before;
    let slot = Math.imul(hash ^ Math.imul(ordinal, 0x9e3779b1), 0x85ebca6b) >>> (32 - slotBits);
    let steps = 0;
    for (; this.#isUsed(slot) && steps < mostSteps; steps++) {
      if (this.#objects[slot] === object && this.#isAt(slot, out, start, end)) break;
      slot = (slot + 1) & (slots - 1);
    }
    if (this.#isUsed(slot) || this.#count > mostKeys) {
      this.mayRepeat = true;
      return;
    }
    this.#objects[slot] = object;
    this.#starts[slot] = start;
    this.#ends[slot] = end;
  }

  #isUsed(slot: number): boolean {
    return (this.#objects[slot] as number) > this.#before; // a slot of the table
  }

  #isAt(slot: number, out: Buffer, start: number, end: number): boolean {
    const from = this.#starts[slot] as number; // a slot of the table
    if (this.#ends[slot] !== from + end - start) return false;
    for (let index = start; index < end; index++) {
      if (out[index] !== out[from + index - start]) return false;
    }
    return true;
  }
}
