import { parseGoFloat } from '../parse/go-float.ts';

/** The meaning of a plain scalar in YAML 1.1, as go-yaml reads it. */
export type ScalarValue = string | number | boolean | null;

const words = new Map<string, boolean | null>([
  ...spellings(['y', 'yes', 'on', 'true'], true),
  ...spellings(['n', 'no', 'off', 'false'], false),
  ...spellings(['null'], null),
  ['~', null],
  ['', null],
]);

/** Each word in lower case, in upper case and with a capital. */
function spellings<Value>(list: readonly string[], value: Value): Array<[string, Value]> {
  return list.flatMap(
    (word): Array<[string, Value]> => [
      [word, value],
      [word.toUpperCase(), value],
      [`${word[0]?.toUpperCase()}${word.slice(1)}`, value],
    ],
  );
}

/** Resolves an unquoted scalar to a number, a boolean or null; anything else is text. */
export function resolvePlain(source: string): ScalarValue {
  const word = words.get(source);
  if (word !== undefined) return word;
  return readNumber(source) ?? source;
}

function readNumber(source: string): number | undefined {
  const infinite = /^([+-]?)\.(?:inf|Inf|INF)$/.exec(source);
  if (infinite !== null) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^\.(?:nan|NaN|NAN)$/.test(source)) return Number.NaN;
  const text = source.replaceAll('_', '');
  const integer = /^([+-]?)(0x[\da-f]+|0o?[0-7]+|0b[01]+)$/i.exec(text);
  if (integer !== null) {
    const digits = (integer[2] ?? '').replace(/^0(?=[0-7])/, '0o');
    return integer[1] === '-' ? -Number(digits) : Number(digits);
  }
  return /^[+-]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[+-]?\d+)?$/i.test(text) ? parseGoFloat(text) : undefined;
}
