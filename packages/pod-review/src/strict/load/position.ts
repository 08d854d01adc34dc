import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
} from 'yaml';

/** Where a value is in an object: keys and indexes from its root. */
export type Path = readonly (string | number)[];

/** Both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** `spec.containers[0].image`, as kubectl writes it. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return /^[\w$-]+$/.test(step) ? `${text}${text === '' ? '' : '.'}${step}` : `${text}[${step}]`;
  }, '');
}

/**
 * The place of a value in its file: of the scalar itself, of a collection's key or dash. A missing value (a
 * field that is missing, a key that came by a merge) has the place of the nearest that is.
 */
export function locate(document: Document, lines: LineCounter, path: Path): Position {
  const { value, offset } = nearest(document, path);
  return positionAt(lines, isCollection(value) ? offset : (startOf(value) ?? offset));
}

/** The place of the key of a map's entry, whatever its value is. */
export function locateKey(document: Document, lines: LineCounter, path: Path): Position {
  return positionAt(lines, nearest(document, path).offset);
}

/** The node at a path, or the nearest existing one above it. */
function nearest(document: Document, path: Path): Child {
  let found: Child = { value: document.contents, offset: startOf(document.contents) ?? 0 };
  for (const step of path) {
    const node = isAlias(found.value) ? found.value.resolve(document) : found.value;
    const next = child(node, step);
    if (next === undefined) break;
    found = next;
  }
  return found;
}

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/** A value with the place of its key or dash. */
interface Child {
  readonly value: unknown;
  readonly offset: number;
}

function child(node: unknown, step: string | number): Child | undefined {
  if (isMap(node)) {
    // the last of two equal keys is the one that counts
    const pair = node.items.findLast(({ key }) => keyText(key) === String(step));
    return pair === undefined ? undefined : { value: pair.value, offset: startOf(pair.key) ?? 0 };
  }
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return item === undefined ? undefined : { value: item, offset: startOf(item) ?? 0 };
  }
  return undefined;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node satisfies Node).range?.[0] : undefined;
}
