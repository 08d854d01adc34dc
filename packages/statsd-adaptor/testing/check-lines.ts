import { expect, it } from 'vitest';
import type { Dialects } from '../src/parse/tags.ts';
import { TestAdaptor } from './adaptor.ts';

/** A datagram, its series and its faults; see `TestAdaptor.brief` and `.errors`. */
type Row = readonly [
  line: string | Buffer,
  series?: readonly string[] | string,
  errors?: readonly string[] | string,
];

const list = (value: readonly string[] | string | undefined): readonly string[] =>
  value === undefined || value === '' ? [] : typeof value === 'string' ? [value] : value;

/** Adds a test for each row, with these tag dialects, or the default ones. */
export function checkLines(rows: readonly Row[], dialects: Partial<Dialects> = {}): void {
  it.each(rows.map(([line, series, errors]) => ({ line, series: list(series), errors: list(errors) })))(
    '$line → $series $errors',
    ({ line, series, errors }) => {
      const adaptor = new TestAdaptor({ dialects }).send(line);
      expect({ series: adaptor.brief(), errors: adaptor.errors() }).toEqual({
        series: [...series].sort(),
        errors: [...errors].sort(),
      });
    },
  );
}
