interface Entry<Rule> {
  /** Its place in the file. */
  readonly order: number;
  readonly rule: Rule;
  readonly accepts: (type: string) => boolean;
}

interface Node<Rule> {
  readonly literals: Map<string, Node<Rule>>;
  star: Node<Rule> | undefined;
  readonly entries: Entry<Rule>[];
  /** The first place in the file of all rules in this branch. */
  first: number;
}

interface Found<Rule> {
  readonly entry: Entry<Rule>;
  readonly captures: readonly string[];
}

/**
 * Finds the rule whose glob matches a name. `*` stands for exactly one of the dot-separated segments. All
 * rules are in one tree by segments, so a look-up visits each of its nodes once at most, however many rules
 * there are.
 */
export class GlobIndex<Rule> {
  readonly #root: Node<Rule> = newNode();
  readonly #isOrdered: boolean;
  #size = 0;

  /** @param isOrdered the first matching rule in the file wins; else at each segment a literal before `*` */
  constructor({ isOrdered }: { isOrdered: boolean }) {
    this.#isOrdered = isOrdered;
  }

  /** Adds the next rule of the file. `accepts` says for which types of metrics it is meant. */
  add(glob: string, rule: Rule, accepts: (type: string) => boolean): void {
    const order = this.#size++;
    let node = this.#root;
    node.first = Math.min(node.first, order);
    for (const segment of glob.split('.')) {
      node = segment === '*' ? starOf(node) : literalOf(node, segment);
      node.first = Math.min(node.first, order);
    }
    node.entries.push({ order, rule, accepts });
  }

  match(
    name: string,
    type: string,
  ): { readonly rule: Rule; readonly captures: readonly string[] } | undefined {
    const found = this.#search(this.#root, {
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
      const entry = node.entries.find(({ accepts }) => accepts(search.type));
      const isBetter = entry !== undefined && (best === undefined || entry.order < best.entry.order);
      return isBetter ? { entry, captures } : best;
    }
    let found = best;
    const literal = node.literals.get(segment);
    if (literal !== undefined) found = this.#search(literal, { ...search, at: at + 1, best: found });
    if (node.star === undefined) return found;
    return this.#search(node.star, { ...search, at: at + 1, captures: [...captures, segment], best: found });
  }
}

interface Search<Rule> {
  readonly segments: readonly string[];
  readonly type: string;
  readonly at: number;
  readonly captures: readonly string[];
  readonly best: Found<Rule> | undefined;
}

function newNode<Rule>(): Node<Rule> {
  return { literals: new Map(), star: undefined, entries: [], first: Number.POSITIVE_INFINITY };
}

function starOf<Rule>(node: Node<Rule>): Node<Rule> {
  node.star ??= newNode();
  return node.star;
}

function literalOf<Rule>(node: Node<Rule>, segment: string): Node<Rule> {
  const known = node.literals.get(segment);
  if (known !== undefined) return known;
  const made = newNode<Rule>();
  node.literals.set(segment, made);
  return made;
}
