import { didYouMean, hidden, maskText, maskUrl, Refusal } from '@pod-patterns/kit';
import type { Key, KeySet } from '../keys/key.ts';
import type { Pair } from './raw-target.ts';

/** Values of pairs, and their faults. */
export interface ReadPairs {
  /** Each was read by the key of the same name. */
  readonly values: Record<string, unknown>;
  /** Every key with its effective value, without secrets. */
  readonly settings: Array<readonly [name: string, text: string]>;
  readonly faults: readonly string[];
  readonly given: { has(name: string): boolean };
  /** Some key has a value that was refused. */
  readonly hasWrongValue: boolean;
}

/** Reads pairs by their keys; missing ones get their defaults. */
export function readPairs(pairs: readonly Pair[], keys: KeySet): ReadPairs {
  const reader = new PairReader(keys);
  for (const pair of pairs) reader.take(pair);
  return reader.read();
}

class PairReader {
  readonly #keys: KeySet;
  readonly #given = new Map<string, unknown[]>();
  readonly #settings: Array<readonly [string, string]> = [];
  readonly #faults: string[] = [];
  #hasWrongValue = false;

  constructor(keys: KeySet) {
    this.#keys = keys;
  }

  take(pair: Pair): void {
    const [name, text] = pair.key.startsWith('json:')
      ? pointerPair(pair.key, pair.text)
      : [pair.key, pair.text];
    const key = Object.hasOwn(this.#keys, name) ? this.#keys[name] : undefined;
    if (key === undefined) {
      this.#faults.push(this.#unknown(pair));
      return;
    }
    const value = key.read(text);
    const before = this.#given.get(name);
    const isRefused = value === undefined || value instanceof Refusal;
    if (isRefused) {
      this.#hasWrongValue = true;
      const reason = value?.reason ?? `expected ${key.expected}`;
      this.#faults.push(
        `${pair.where}: ${name} "${key.isSecret ? hideHeader(text) : maskText(text)}": ${reason}`,
      );
    } else if (before !== undefined && key.form !== 'list') {
      this.#faults.push(`${pair.where}: ${name} is given twice`);
    } else {
      this.#given.set(name, [...(before ?? []), value]);
      const shown = key.isSecret === true ? hideHeader(text) : maskText(text);
      this.#settings.push([name, key.form === 'switch' ? String(value) : shown]);
    }
  }

  #unknown({ key, where, isHidden = false }: Pair): string {
    // a header without its key: the part after the colon is its value
    const shown = isHidden ? hidden : maskUrl(key).replace(/:.*/s, `:${hidden}`);
    const near = didYouMean(key, Object.keys(this.#keys));
    return `${where}: unknown key "${shown}"${near}${isHidden ? '; quote a value that contains a space' : ''}`;
  }

  read(): ReadPairs {
    const values: Record<string, unknown> = {};
    for (const [name, key] of Object.entries(this.#keys)) {
      values[name] = valueUnder(key, this.#given.get(name));
      if (!this.#given.has(name) && key.fallback !== undefined) this.#settings.push([name, key.fallback]);
    }
    return {
      values,
      settings: this.#settings,
      faults: this.#faults,
      given: this.#given,
      hasWrongValue: this.#hasWrongValue,
    };
  }
}

/** `json:/a=1` is the key `json:` with the text `/a=1`. */
function pointerPair(key: string, value: string): readonly [string, string] {
  const pointer = key.slice('json:'.length);
  return ['json:', value === '' ? pointer : `${pointer}=${value}`];
}

function valueUnder(key: Key<unknown>, given: readonly unknown[] | undefined): unknown {
  if (key.form === 'list') return given ?? [];
  if (given !== undefined) return given[0];
  return key.fallback === undefined ? undefined : key.read(key.fallback);
}

/** `NAME: value` with the value hidden, unless it only names a file. */
function hideHeader(text: string): string {
  const [name, value] = /^([\w.-]+:)([\s\S]*)$/.exec(text)?.slice(1) ?? [];
  if (name === undefined || value === undefined) return hidden;
  return /^ *((Bearer|Basic) )?@\/\S+$/.test(value) ? text : `${name} ${hidden}`;
}
