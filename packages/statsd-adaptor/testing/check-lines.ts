import { expect, it } from 'vitest';
import type { Dialects } from '../src/parse/tags.ts';
import { TestAdaptor } from './adaptor.ts';

/** A datagram, the series it makes and what is not taken of it; see `TestAdaptor.brief` and `.errors`. */
type Row = readonly [
  line: string | Buffer,
  series?: readonly string[] | string,
  errors?: readonly string[] | string,
];

const list = (value: readonly string[] | string | undefined): readonly string[] =>
  value === undefined || value === '' ? [] : typeof value === 'string' ? [value] : value;

/** A test for each row, with these dialects of tags; as they are by default unless said. */
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
