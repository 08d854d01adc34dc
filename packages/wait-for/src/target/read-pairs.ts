import { didYouMean, hidden, maskText, maskUrl, Refusal } from '@pod-patterns/kit';
import type { Key, KeySet } from '../keys/key.ts';
import type { Pair } from './raw-target.ts';

/** What pairs say, and what is wrong with them. */
export interface ReadPairs {
  // each value was read by the key of the same name
  readonly values: Record<string, unknown>;
  readonly settings: Array<readonly [string, string]>;
  readonly faults: string[];
  readonly given: { has(name: string): boolean };
}

/** Reads pairs by their keys; what was not given has its default. */
export function readPairs(pairs: readonly Pair[], keys: KeySet): ReadPairs {
  const values: Record<string, unknown> = {};
  const settings: Array<readonly [string, string]> = [];
  const faults: string[] = [];
  const given = new Map<string, unknown[]>();
  for (const { key: written, text: value, where, isHidden = false } of pairs) {
    const [name, text] = written.startsWith('json:') ? pointerPair(written, value) : [written, value];
    const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (key === undefined) {
      const near = didYouMean(written, Object.keys(keys));
      const shown = isHidden ? hidden : maskUrl(written);
      faults.push(
        `${where}: unknown key "${shown}"${near}${isHidden ? '; a blank must stand in quotes' : ''}`,
      );
      continue;
    }
    const result = key.read(text);
    const shown = key.isSecret ? hideHeader(text) : maskText(text);
    const before = given.get(name);
    if (result === undefined) faults.push(`${where}: ${name} "${shown}": expected ${key.expected}`);
    else if (result instanceof Refusal) faults.push(`${where}: ${name} "${shown}": ${result.reason}`);
    else if (before !== undefined && key.form !== 'list') faults.push(`${where}: ${name} is given twice`);
    else {
      given.set(name, [...(before ?? []), result]);
      settings.push([name, key.form === 'switch' ? String(result) : shown]);
    }
  }
  for (const [name, key] of Object.entries(keys)) {
    values[name] = valueUnder(key, given.get(name));
    if (!given.has(name) && key.fallback !== undefined) settings.push([name, key.fallback]);
  }
  return { values, settings, faults, given };
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
  const [name, value] = /^([^:]*:)([\s\S]*)$/.exec(text)?.slice(1) ?? [];
  if (name === undefined || value === undefined) return hidden;
  return /^ *((Bearer|Basic) )?@\/\S+$/.test(value) ? text : `${name} ${hidden}`;
}
