import type { Mapping } from '../src/map/mapper.ts';
import { readMapping } from '../src/map/read-mapping.ts';
import { describeFault } from '../src/map/yaml-reader.ts';

/** Reads a mapping file; throws an error with all its faults if it is refused. */
export function read(text: string): Mapping {
  const result = readMapping(text);
  if (!result.ok) throw new Error(result.faults.map(describeFault).join('\n'));
  return result.mapping;
}

/** Faults of a mapping file; empty if it is valid. */
export function faults(text: string): string[] {
  const result = readMapping(text);
  return result.ok ? [] : result.faults.map(describeFault);
}

/** A mapping file of one rule with these further fields. */
export const rule = (fields: string) =>
  `mappings:\n- match: a.*\n  name: b\n${fields.replace(/^/gm, '  ')}\n`;
