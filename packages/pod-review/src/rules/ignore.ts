import { podPaths, valueAt } from '../pod/templates.ts';
import { asRecord } from '../record.ts';
import type { Path } from '../strict/load/position.ts';
import type { KubernetesObject } from '../strict/read-object.ts';

export const ignoreAnnotation = 'pod-review/ignore';

export interface Ignore {
  /** Rules that are left out for this object, each for a reason that was given, with where it says so. */
  readonly rules: ReadonlyMap<string, Path>;
  readonly faults: readonly { readonly path: Path; readonly message: string }[];
}

/**
 * Reads `pod-review/ignore: "rule: reason; rule: reason"` of an object and of its pod template. An entry without a
 * reason is not ignored.
 */
export function ignoreOf(object: KubernetesObject): Ignore {
  const known = memory.get(object);
  if (known !== undefined) return known;
  const rules = new Map<string, Path>();
  const faults: { path: Path; message: string }[] = [];
  const places = [['metadata'], ...podPaths(object).map((path) => [...path, 'metadata'])];
  for (const place of new Map(places.map((path) => [path.join(), path])).values()) {
    const text = asRecord(asRecord(valueAt(object.value, place))['annotations'])[ignoreAnnotation];
    if (typeof text !== 'string') continue;
    for (const entry of text.split(/[;\n]/).filter((part) => part.trim() !== '')) {
      const [, rule, reason] = /^([\w-]+)\s*(?::(.*))?$/s.exec(entry.trim()) ?? [];
      const path = [...place, 'annotations', ignoreAnnotation];
      if (rule === undefined)
        faults.push({ path, message: `expected "rule: reason", got ${JSON.stringify(entry.trim())}` });
      else if (reason === undefined || reason.trim() === '')
        faults.push({ path, message: `${rule} is ignored without a reason` });
      else rules.set(rule, path);
    }
  }
  const ignore = { rules, faults };
  memory.set(object, ignore);
  return ignore;
}

const memory = new WeakMap<KubernetesObject, Ignore>();
