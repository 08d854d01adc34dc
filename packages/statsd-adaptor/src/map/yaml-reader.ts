import { didYouMean, quote } from '@pod-patterns/kit';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  Scalar,
} from 'yaml';
import { parseGoDuration } from './go-duration.ts';
import { resolvePlain, type ScalarValue } from './yaml-scalar.ts';

/** A fault in a file, and its position. */
export interface Fault {
  readonly line: number;
  readonly message: string;
}

export function describeFault({ line, message }: Fault): string {
  return `line ${line}: ${message}`;
}

/** A value in the file, and its path such as `mappings[2].ttl`. */
export interface Place {
  readonly node: Node | undefined;
  readonly path: string;
  readonly line: number;
}

const maxMergeDepth = 20;

/**
 * Reads a YAML document field by field, as strictly as go-yaml's `UnmarshalStrict`: unknown and repeated
 * keys are faults, only unquoted words are truth values or numbers, and text keeps its source (`1.10`).
 * Readers return undefined for null, and after noting a fault.
 */
export class YamlReader {
  readonly faults: Fault[] = [];
  readonly root: Place;
  readonly #document: Document | undefined;
  readonly #lines = new LineCounter();

  /** Only the first document of the text counts. */
  constructor(text: string) {
    // failsafe keeps the source of scalars; the field decides on their meaning
    const [first] = parseAllDocuments(text, {
      version: '1.1',
      schema: 'failsafe',
      lineCounter: this.#lines,
      prettyErrors: false,
    });
    // an empty text has no document
    this.#document = first as Document | undefined;
    for (const { pos, message } of this.#document?.errors ?? []) {
      this.faults.push({ line: this.#lines.linePos(pos[0]).line, message });
    }
    this.root = this.#place(this.#document?.contents, '', 1);
  }

  fault(place: Place, message: string): undefined {
    this.faults.push({
      line: place.line,
      message: place.path === '' ? message : `${place.path}: ${message}`,
    });
  }

  /**
   * Reads the fields of a mapping by key; only `known` keys, unless any is allowed. Undefined for other values.
   * @param renamed current names of former keys
   */
  fields(
    place: Place,
    known?: readonly string[],
    renamed?: ReadonlyMap<string, string>,
  ): Map<string, Place> | undefined {
    const fields = this.#collect(place, 0);
    for (const [key, field] of fields ?? []) {
      if (known === undefined || known.includes(key)) continue;
      const today = renamed?.get(key);
      const fault =
        today === undefined
          ? `unknown field ${quote(key)}${didYouMean(key, known)}`
          : `old field ${quote(key)}: use ${today} (--convert-mapping FILE prints the file in the current format)`;
      this.fault({ ...field, path: place.path }, fault);
    }
    return fields;
  }

  list(place: Place | undefined): Place[] {
    if (place === undefined || this.#isNull(place)) return [];
    if (!isSeq(place.node)) {
      this.fault(place, 'expected a list');
      return [];
    }
    return place.node.items.map((item, at) => this.#place(item, `${place.path}[${at}]`, place.line));
  }

  isGiven(place: Place | undefined): place is Place {
    return place !== undefined && !this.#isNull(place);
  }

  /** Reads any scalar as its source text. */
  text(place: Place | undefined): string | undefined {
    if (!this.isGiven(place)) return undefined;
    if (isScalar(place.node)) return sourceOf(place.node);
    return this.fault(place, 'expected text');
  }

  /** Reads one of these words. The empty text stands for the first, unless it is strict. */
  word<const Word extends string>(
    place: Place | undefined,
    words: readonly Word[],
    empty: 'first' | 'strict' = 'first',
  ): Word | undefined {
    const text = this.text(place);
    if (text === undefined || place === undefined) return undefined;
    if (text === '' && empty === 'first') return words[0];
    const word = words.find((candidate) => candidate === text);
    return word ?? this.fault(place, `expected one of ${words.join(', ')}, got ${quote(text)}`);
  }

  truth(place: Place | undefined): boolean | undefined {
    if (!this.isGiven(place)) return undefined;
    const value = this.#scalar(place);
    return typeof value === 'boolean'
      ? value
      : this.fault(place, `expected true or false${this.#got(place)}`);
  }

  number(place: Place | undefined): number | undefined {
    if (!this.isGiven(place)) return undefined;
    const value = this.#scalar(place);
    return typeof value === 'number' ? value : this.fault(place, `expected a number${this.#got(place)}`);
  }

  /** Reads a whole number from 0 that fits in 32 bits. */
  count(place: Place | undefined): number | undefined {
    const value = this.number(place);
    if (value === undefined || place === undefined) return undefined;
    const isCount = Number.isInteger(value) && value >= 0 && value < 2 ** 32;
    return isCount
      ? value
      : this.fault(place, `expected a whole number from 0 to 4294967295${this.#got(place)}`);
  }

  /** Reads a Go duration, or a bare number of nanoseconds. Returns seconds. */
  seconds(place: Place | undefined): number | undefined {
    if (!this.isGiven(place)) return undefined;
    const value = this.#scalar(place);
    const seconds = typeof value === 'number' ? Math.trunc(value) / 1e9 : parseGoDuration(String(value));
    return seconds ?? this.fault(place, `expected a duration such as 30s or 1h30m${this.#got(place)}`);
  }

  #collect(place: Place, depth: number): Map<string, Place> | undefined {
    const fields = new Map<string, Place>();
    if (this.#isNull(place)) return fields;
    if (!isMap(place.node) || depth > maxMergeDepth) return this.fault(place, 'expected a mapping');
    const merged: Place[] = [];
    for (const { key, value } of place.node.items) {
      if (!isScalar(key)) return this.fault(place, 'expected keys to be text');
      const name = sourceOf(key);
      const line = this.#lineOf(key) ?? place.line;
      if (name === '<<' && key.type === Scalar.PLAIN) merged.push(this.#place(value, place.path, line));
      else fields.set(name, this.#place(value, place.path === '' ? name : `${place.path}.${name}`, line));
    }
    for (const source of merged) this.#merge(source, fields, depth + 1);
    return fields;
  }

  /** Adds the missing fields from one or more merged mappings. */
  #merge(source: Place, fields: Map<string, Place>, depth: number): void {
    const sources = isSeq(source.node) ? this.list(source) : [source];
    for (const each of sources) {
      for (const [name, field] of this.#collect(each, depth) ?? [])
        if (!fields.has(name)) fields.set(name, field);
    }
  }

  #place(found: unknown, path: string, line: number): Place {
    // a parsed document holds nodes only
    const node = (found ?? undefined) as Node | undefined;
    const place = { node, path, line: this.#lineOf(node) ?? line };
    if (!isAlias(node) || this.#document === undefined) return place;
    const resolved: Node | undefined = node.resolve(this.#document);
    if (resolved === undefined) this.fault(place, `unknown alias ${quote(node.source)}`);
    return { ...place, node: resolved };
  }

  #lineOf(node: Node | undefined): number | undefined {
    return node?.range === undefined || node.range === null
      ? undefined
      : this.#lines.linePos(node.range[0]).line;
  }

  #scalar({ node }: Place): ScalarValue | undefined {
    if (!isScalar(node)) return undefined;
    const isText = node.type !== Scalar.PLAIN || node.tag === 'tag:yaml.org,2002:str';
    return isText ? sourceOf(node) : resolvePlain(sourceOf(node));
  }

  #isNull(place: Place): boolean {
    return place.node === undefined || this.#scalar(place) === null;
  }

  #got({ node }: Place): string {
    return isScalar(node) ? `, got ${quote(sourceOf(node))}` : '';
  }
}

function sourceOf(scalar: Scalar): string {
  return scalar.source ?? String(scalar.value ?? '');
}
