import { Refusal } from '@pod-patterns/kit';
import { Pattern, readSlashed } from '../pattern/pattern.ts';
import { byGroups } from './fields/by-groups.ts';
import type { FieldReader } from './fields/fields.ts';
import { readLogfmt } from './fields/logfmt.ts';
import type { RecordOptions } from './record-writer.ts';

/** How lines are parsed. */
export interface Parse {
  /** How a line, or the object made of its fields, becomes a record. */
  readonly objects: RecordOptions['parse'];
  /** Finds the fields of a line that is not JSON. */
  readonly fields?: FieldReader;
}

export const namedParses = {
  auto: { objects: 'auto' },
  json: { objects: 'json' },
  logfmt: { objects: 'auto', fields: readLogfmt },
  none: { objects: 'none' },
} as const satisfies Readonly<Record<string, Parse>>;

/** Reads a name, or `/expression/` with named groups; undefined if it is neither. */
export function readParse(text: string): Parse | Refusal | undefined {
  const named = Object.entries(namedParses).find(([name]) => name === text);
  if (named !== undefined) return named[1];
  const pattern = readSlashed(text);
  if (!(pattern instanceof Pattern)) return pattern;
  if (pattern.names.length === 0) {
    return new Refusal('expected a named group for each field, such as (?<level>[A-Z]+)');
  }
  return { objects: 'auto', fields: byGroups(pattern) };
}
