/** A sorted list of names. New names are sorted and merged on demand, so that a scrape need not sort all of them. */
export class SortedNames {
  #sorted: readonly string[] = [];
  #added: string[] = [];

  /** Adds a new name. */
  add(name: string): void {
    this.#added.push(name);
  }

  /** Starts over with these names. */
  reset(names: Iterable<string>): void {
    this.#sorted = [];
    this.#added = [...names];
  }

  list(): readonly string[] {
    if (this.#added.length > 0) {
      this.#sorted = merge(this.#sorted, this.#added.sort());
      this.#added = [];
    }
    return this.#sorted;
  }
}

/** Merges two sorted lists. */
export function merge(one: readonly string[], other: readonly string[]): string[] {
  const merged: string[] = [];
  let at = 0;
  for (const name of other) {
    for (let next = one[at]; next !== undefined && next <= name; next = one[++at]) merged.push(next);
    merged.push(name);
  }
  return merged.concat(one.slice(at));
}
