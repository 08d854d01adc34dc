import { addHash, estimateUnion, newRegisters, type Registers } from './hyper-log-log.ts';
import { type Account, SeriesMemory } from './series-memory.ts';

export interface DistinctOptions {
  /** For how long a member counts, in milliseconds. */
  readonly windowMs: number;
  /** Makes hashes of this process unlike those of others, so that collisions cannot be prepared. */
  readonly seed: number;
}

/** In so many steps the window moves on. */
const steps = 5;
/** Up to so many members are counted exactly, beyond with an error of about 1.6 %. */
const exactMembers = 1024;
/** So many are counted without more memory than an empty set. */
const firstMembers = 8;
/** What a member takes; a full set of them takes more than all sketches. */
const memberBytes = 50;

/**
 * How many different members came within the last window: counted exactly while they are few, then
 * estimated from a sketch for each step of the window (4 KB each).
 */
export class SlidingDistinct {
  readonly #options: DistinctOptions;
  readonly #account: Account;
  /** What the series takes by itself. */
  readonly #ownBytes: number;
  #room = firstMembers;
  /** The hash of a member and the step in which it was seen last. */
  #exact: Map<number, number> | undefined = new Map();
  readonly #sketches = new Map<number, Registers>();

  constructor(options: DistinctOptions, account = new SeriesMemory().open(0)) {
    this.#options = options;
    this.#account = account;
    this.#ownBytes = account.heldBytes;
  }

  add(member: string, nowMs: number): void {
    const step = this.#stepAt(nowMs);
    const { high, low } = hash(member, this.#options.seed);
    if (this.#exact === undefined) {
      this.#forget(step);
      this.#addToSketch(step, high, low);
      return;
    }
    // 52 of the 64 bits are a whole number that a Map keeps well
    const key = (high >>> 0) * 2 ** 20 + (low >>> 12);
    if (this.#exact.size >= this.#room && !this.#exact.has(key) && !this.#makeRoom()) {
      this.#account.lose(1);
      return;
    }
    this.#exact.set(key, step);
    if (this.#exact.size > exactMembers) this.#forget(step);
    if (this.#exact.size > exactMembers) this.#toSketches();
  }

  count(nowMs: number): number {
    this.#forget(this.#stepAt(nowMs));
    return this.#exact?.size ?? Math.round(estimateUnion([...this.#sketches.values()]));
  }

  /** Forgets all members. */
  clear(): void {
    this.#exact = new Map();
    this.#room = firstMembers;
    this.#sketches.clear();
  }

  #makeRoom(): boolean {
    const room = this.#room * 2;
    const isRoom = this.#account.reach(this.#ownBytes + room * memberBytes);
    if (isRoom) this.#room = room;
    return isRoom;
  }

  #stepAt(nowMs: number): number {
    return Math.floor((nowMs / this.#options.windowMs) * steps);
  }

  #forget(step: number): void {
    for (const [key, seen] of this.#exact ?? []) if (seen <= step - steps) this.#exact?.delete(key);
    for (const seen of this.#sketches.keys()) if (seen <= step - steps) this.#sketches.delete(seen);
    if (this.#sketches.size === 0) this.#exact ??= new Map();
  }

  #toSketches(): void {
    for (const [key, step] of this.#exact ?? []) {
      this.#addToSketch(step, Math.floor(key / 2 ** 20) | 0, (key % 2 ** 20) << 12);
    }
    this.#exact = undefined;
  }

  #addToSketch(step: number, high: number, low: number): void {
    let registers = this.#sketches.get(step);
    if (registers === undefined) {
      registers = newRegisters();
      this.#sketches.set(step, registers);
    }
    addHash(registers, high, low);
  }
}

/** Two 32-bit hashes in one pass, each mixed to its last bit. */
function hash(text: string, seed: number): { high: number; low: number } {
  let high = seed ^ 0x9e3779b9;
  let low = ~seed ^ 0x85ebca6b;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x85ebca77);
    low = Math.imul(low ^ code, 0xc2b2ae3d);
    high ^= high >>> 15;
    low ^= low >>> 13;
  }
  return { high: mix(high ^ Math.imul(low, 0x27d4eb2f)), low: mix(low ^ Math.imul(high, 0x165667b1)) };
}

/** The finalizer of MurmurHash3. */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
