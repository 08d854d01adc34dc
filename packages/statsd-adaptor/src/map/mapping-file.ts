import { readFileSync } from 'node:fs';
import { describeError } from '@pod-patterns/kit';
import type { Mapping } from './mapper.ts';
import { emptyMapping, readMapping } from './read-mapping.ts';

export type LoadedMapping =
  | { readonly ok: true; readonly mapping: Mapping }
  /** A line each: `line 3: mappings[0].match: …`. */
  | { readonly ok: false; readonly faults: readonly string[] };

/** Loads a mapping file; without one there are no rules. */
export function loadMapping(file: string | undefined): LoadedMapping {
  if (file === undefined) return { ok: true, mapping: emptyMapping };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { ok: false, faults: [describeError(error)] };
  }
  const result = readMapping(text);
  if (result.ok) return result;
  return { ok: false, faults: result.faults.map(({ line, message }) => `line ${line}: ${message}`) };
}
