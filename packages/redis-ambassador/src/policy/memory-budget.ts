/** A holder of memory on behalf of a client. */
export interface MemoryUser {
  readonly heldBytes: number;
  /** Releases all of it, and reports that to the budget at once. */
  evict(): void;
}

/** Share of one user in the budget. */
export class MemoryShare {
  heldBytes = 0;
  readonly #budget: MemoryBudget;

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
  }

  /** Sets the held bytes. The user may be evicted for it. */
  hold(bytes: number): void {
    const change = bytes - this.heldBytes;
    this.heldBytes = bytes;
    if (change !== 0) this.#budget.add(change);
  }
}

/**
 * Bounds the memory of all clients together. Beyond it, the largest user is evicted, so many small users
 * never suffer from a large one.
 */
export class MemoryBudget {
  readonly maxBytes: number;
  readonly #users: () => Iterable<MemoryUser>;
  usedBytes = 0;

  constructor(maxBytes: number, users: () => Iterable<MemoryUser>) {
    this.maxBytes = maxBytes;
    this.#users = users;
  }

  /** Changes the bytes held by a user; negative values release. */
  add(bytes: number): void {
    this.usedBytes += bytes;
    while (bytes > 0 && this.usedBytes > this.maxBytes && this.#evictLargest());
  }

  /** Evicts the largest user; false if none holds anything. */
  #evictLargest(): boolean {
    let largest: MemoryUser | undefined;
    for (const user of this.#users()) {
      if (user.heldBytes > (largest?.heldBytes ?? 0)) largest = user;
    }
    largest?.evict();
    return largest !== undefined;
  }
}
