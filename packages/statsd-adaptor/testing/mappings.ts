import type { Mapping } from '../src/map/mapper.ts';
import { readMapping } from '../src/map/read-mapping.ts';
import { describeFault } from '../src/map/yaml-reader.ts';

/** What a mapping file says; an error with all its faults if it is refused. */
export function read(text: string): Mapping {
  const result = readMapping(text);
  if (!result.ok) throw new Error(result.faults.map(describeFault).join('\n'));
  return result.mapping;
}

/** Why a mapping file is refused; none if it is taken. */
export function faults(text: string): string[] {
  const result = readMapping(text);
  return result.ok ? [] : result.faults.map(describeFault);
}

/** A mapping file of one rule with these further fields. */
export const rule = (fields: string) =>
  `mappings:\n- match: a.*\n  name: b\n${fields.replace(/^/gm, '  ')}\n`;
