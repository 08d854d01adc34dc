import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describeError } from '@pod-patterns/kit';
import type { Mapping } from './mapper.ts';
import { emptyMapping, readMapping } from './read-mapping.ts';
import { describeFault } from './yaml-reader.ts';

export interface LoadedRules {
  readonly mapping: Mapping;
  /** Hash of the file, as `sha256sum` prints it; undefined without a file. */
  readonly sha256: string | undefined;
}

export type LoadedMapping =
  | ({ readonly ok: true } & LoadedRules)
  /** One line each: `line 3: mappings[0].match: …`. */
  | { readonly ok: false; readonly faults: readonly string[] };

export type LoadedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Loads a mapping file; without one there are no rules. */
export function loadMapping(file: string | undefined): LoadedMapping {
  if (file === undefined || file === '') return { ok: true, mapping: emptyMapping, sha256: undefined };
  const loaded = loadText(file);
  if (!loaded.ok) return loaded;
  const result = readMapping(loaded.text);
  if (!result.ok) return { ok: false, faults: result.faults.map(describeFault) };
  return { ...result, sha256: createHash('sha256').update(loaded.text).digest('hex') };
}

export function loadText(file: string): LoadedText {
  try {
    return { ok: true, text: readFileSync(file, 'utf8') };
  } catch (error) {
    return { ok: false, faults: [describeError(error)] };
  }
}
