/** Something that holds memory on behalf of a client. */
export interface MemoryUser {
  readonly heldBytes: number;
  /** Gives all of it up, and says so to the budget at once. */
  evict(): void;
}

/** What one of them holds of the budget. */
export class MemoryShare {
  heldBytes = 0;
  readonly #budget: MemoryBudget;

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
  }

  /** It holds so much now. Its user may be evicted for it. */
  hold(bytes: number): void {
    const change = bytes - this.heldBytes;
    this.heldBytes = bytes;
    if (change !== 0) this.#budget.add(change);
  }
}

/**
 * How much all clients together may hold. Who uses most has to go when it is too much: so many who use little
 * never suffer from one who uses much.
 */
export class MemoryBudget {
  readonly maxBytes: number;
  readonly #users: () => Iterable<MemoryUser>;
  usedBytes = 0;

  constructor(maxBytes: number, users: () => Iterable<MemoryUser>) {
    this.maxBytes = maxBytes;
    this.#users = users;
  }

  /** A user holds so much more now, or less when negative. */
  add(bytes: number): void {
    this.usedBytes += bytes;
    while (bytes > 0 && this.usedBytes > this.maxBytes && this.#evictLargest());
  }

  /** False when there is nobody who holds anything. */
  #evictLargest(): boolean {
    let largest: MemoryUser | undefined;
    for (const user of this.#users()) {
      if (user.heldBytes > (largest?.heldBytes ?? 0)) largest = user;
    }
    largest?.evict();
    return largest !== undefined;
  }
}
