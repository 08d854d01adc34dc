/** Whether a rule whose glob matches applies to this metric type and name. */
type Accepts = (type: string, name: string) => boolean;

interface Entry<Rule> {
  /** Its position in the file. */
  readonly order: number;
  readonly rule: Rule;
  readonly accepts: Accepts;
}

interface Node<Rule> {
  readonly literals: Map<string, Node<Rule>>;
  /** Prefixes of segments that end with `*`, longest first; empty for `*` alone. */
  readonly prefixes: Prefix<Rule>[];
  readonly entries: Entry<Rule>[];
  /** The lowest position in the file of all rules in this branch. */
  first: number;
}

interface Prefix<Rule> {
  readonly text: string;
  readonly node: Node<Rule>;
}

interface Found<Rule> {
  readonly entry: Entry<Rule>;
  readonly captures: readonly string[];
}

/**
 * Finds the rule whose glob matches a name. `*` stands for exactly one of the dot-separated segments, or for
 * its end (`foo_*`). All rules share one tree of segments, so a look-up visits each node at most once.
 */
export class GlobIndex<Rule> {
  readonly #root: Node<Rule> = newNode();
  readonly #isOrdered: boolean;
  #size = 0;

  /** @param isOrdered the first matching rule wins; otherwise, per segment, a literal, then the longest prefix */
  constructor({ isOrdered }: { isOrdered: boolean }) {
    this.#isOrdered = isOrdered;
  }

  /** Adds the next rule of the file. */
  add(glob: string, rule: Rule, accepts: Accepts): void {
    const order = this.#size++;
    let node = this.#root;
    node.first = Math.min(node.first, order);
    for (const segment of glob.split('.')) {
      node = segment.endsWith('*') ? prefixOf(node, segment.slice(0, -1)) : literalOf(node, segment);
      node.first = Math.min(node.first, order);
    }
    node.entries.push({ order, rule, accepts });
  }

  match(
    name: string,
    type: string,
  ): { readonly rule: Rule; readonly captures: readonly string[] } | undefined {
    const found = this.#search(this.#root, {
      name,
      segments: name.split('.'),
      type,
      at: 0,
      captures: [],
      best: undefined,
    });
    return found === undefined ? undefined : { rule: found.entry.rule, captures: found.captures };
  }

  #search(node: Node<Rule>, search: Search<Rule>): Found<Rule> | undefined {
    const { segments, at, captures, best } = search;
    if (best !== undefined && (!this.#isOrdered || node.first > best.entry.order)) return best;
    const segment = segments[at];
    if (segment === undefined) {
      const entry = node.entries.find(({ accepts }) => accepts(search.type, search.name));
      const isBetter = entry !== undefined && (best === undefined || entry.order < best.entry.order);
      return isBetter ? { entry, captures } : best;
    }
    let found = best;
    const literal = node.literals.get(segment);
    if (literal !== undefined) found = this.#search(literal, { ...search, at: at + 1, best: found });
    for (const { text, node: next } of node.prefixes) {
      if (!segment.startsWith(text)) continue;
      const captured = [...captures, segment.slice(text.length)];
      found = this.#search(next, { ...search, at: at + 1, captures: captured, best: found });
    }
    return found;
  }
}

interface Search<Rule> {
  readonly name: string;
  readonly segments: readonly string[];
  readonly type: string;
  readonly at: number;
  readonly captures: readonly string[];
  readonly best: Found<Rule> | undefined;
}

function newNode<Rule>(): Node<Rule> {
  return { literals: new Map(), prefixes: [], entries: [], first: Number.POSITIVE_INFINITY };
}

function prefixOf<Rule>({ prefixes }: Node<Rule>, text: string): Node<Rule> {
  const known = prefixes.find((prefix) => prefix.text === text);
  if (known !== undefined) return known.node;
  const node = newNode<Rule>();
  prefixes.push({ text, node });
  prefixes.sort((a, b) => b.text.length - a.text.length);
  return node;
}

function literalOf<Rule>(node: Node<Rule>, segment: string): Node<Rule> {
  const known = node.literals.get(segment);
  if (known !== undefined) return known;
  const made = newNode<Rule>();
  node.literals.set(segment, made);
  return made;
}
