import { addHash, estimateUnion, newRegisters, type Registers } from './hyper-log-log.ts';
import { type Account, SeriesMemory } from './series-memory.ts';

export interface DistinctOptions {
  /** Time for which a member counts, in milliseconds. */
  readonly windowMs: number;
  /** Hash seed, different per process, so that nobody can prepare collisions. */
  readonly seed: number;
}

/** Number of steps in which the window moves on. */
const steps = 5;
/** Maximum number of members to count exactly; beyond it the error is about 1.6 %. */
const exactMembers = 1024;
/** Number of members that need no more memory than an empty set. */
const firstMembers = 8;
/** Memory of a member; the maximum number of them takes more than all sketches. */
const memberBytes = 50;

/**
 * Counts the different members within the last window: exactly while they are few, then by an estimate from one
 * sketch per step of the window (4 KB each).
 */
export class SlidingDistinct {
  readonly #options: DistinctOptions;
  readonly #account: Account;
  /** Memory of the series itself. */
  readonly #ownBytes: number;
  #room = firstMembers;
  /** The step in which a member was last seen, by its hash. */
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
    // 52 of the 64 bits fit in an integer key of a Map
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

/** Computes two well-mixed 32-bit hashes in one pass. */
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
