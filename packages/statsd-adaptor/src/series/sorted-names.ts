/** Names in order. New ones are sorted among themselves and merged when the list is asked for, so that a scrape of many names need not sort them all. */
export class SortedNames {
  #sorted: readonly string[] = [];
  #added: string[] = [];

  /** Adds a name that is not there yet. */
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

/** Merges two lists that are in order. */
export function merge(one: readonly string[], other: readonly string[]): string[] {
  const merged: string[] = [];
  let at = 0;
  for (const name of other) {
    for (let next = one[at]; next !== undefined && next <= name; next = one[++at]) merged.push(next);
    merged.push(name);
  }
  return merged.concat(one.slice(at));
}
