/** Remembers a limited number of values by key; 0 disables it. */
export interface BoundedCache<Value> {
  readonly size: number;
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/** Evicts the least recently used value. */
export class LruCache<Value> implements BoundedCache<Value> {
  readonly #capacity: number;
  readonly #values = new Map<string, Value>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    // a Map keeps insertion order, so the first is always the one to evict
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    if (this.#capacity === 0) return;
    this.#values.delete(key);
    for (const [oldest] of this.#values) {
      if (this.#values.size < this.#capacity) break;
      this.#values.delete(oldest);
    }
    this.#values.set(key, value);
  }
}

/** Evicts a random value, so that hits need no bookkeeping. */
export class RandomCache<Value> implements BoundedCache<Value> {
  readonly #capacity: number;
  readonly #random: () => number;
  readonly #values = new Map<string, Value>();
  readonly #keys: string[] = [];

  /** @param random gives numbers from 0 to below 1 */
  constructor(capacity: number, random: () => number) {
    this.#capacity = capacity;
    this.#random = random;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Value): void {
    if (this.#capacity === 0) return;
    if (!this.#values.has(key)) {
      const isFull = this.#keys.length >= this.#capacity;
      const at = isFull ? Math.floor(this.#random() * this.#capacity) : this.#keys.length;
      if (isFull) this.#values.delete(this.#keys[at] ?? '');
      this.#keys[at] = key;
    }
    this.#values.set(key, value);
  }
}
