import { Refusal } from '@pod-patterns/kit';
import { Pattern, readSlashed } from '../pattern/pattern.ts';
import { byGroups } from './fields/by-groups.ts';
import type { FieldReader } from './fields/fields.ts';
import { readLogfmt } from './fields/logfmt.ts';
import type { RecordOptions } from './record-writer.ts';

/** How lines are parsed. */
export interface Parse {
  /** Treatment of a line, or of the object made of its fields. */
  readonly objects: RecordOptions['parse'];
  /** Finds fields in a line that is no JSON. */
  readonly fields?: FieldReader;
}

export const namedParses = {
  auto: { objects: 'auto' },
  json: { objects: 'json' },
  logfmt: { objects: 'auto', fields: readLogfmt },
  none: { objects: 'none' },
} as const satisfies Readonly<Record<string, Parse>>;

/** Reads one of the names, or `/expression/` with named groups; undefined when it is neither. */
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
