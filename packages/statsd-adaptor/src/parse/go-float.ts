const digits = '\\d(?:_?\\d)*';
const hexDigits = '[\\da-f](?:_?[\\da-f])*';
const decimal = new RegExp(
  `^[+-]?(?:${digits}(?:\\.(?:${digits})?)?|\\.${digits})(?:e[+-]?${digits})?$`,
  'i',
);
const hexadecimal = new RegExp(`^([+-]?)0x(_?${hexDigits})?(?:\\.(${hexDigits})?)?p([+-]?${digits})$`, 'i');
const infinity = /^([+-]?)inf(?:inity)?$/i;

/**
 * Reads a number as Go's `strconv.ParseFloat` does, as StatsD clients of the exporter expect:
 * decimals, `1.`, `.5`, exponents, hexadecimal floats, underscores between digits, `inf` and `nan` in any
 * case. Undefined if Go refuses it: other text, blanks, and numbers too large for a double.
 */
export function parseGoFloat(text: string): number | undefined {
  if (decimal.test(text)) return finite(Number(text.replaceAll('_', '')));
  const sign = infinity.exec(text)?.[1];
  if (sign !== undefined) return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  const hex = hexadecimal.exec(text);
  return hex === null ? undefined : finite(hexFloat(hex));
}

/** Overflow is an error in Go, but Infinity in JavaScript. */
function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function hexFloat([, sign, whole = '', fraction = '', exponent = '']: readonly (
  | string
  | undefined
)[]): number {
  const strip = (part: string) => part.replaceAll('_', '');
  const mantissa = strip(whole) + strip(fraction);
  if (mantissa === '') return Number.NaN; // not finite, so refused
  const exact = BigInt(`0x${mantissa}`);
  const { value, dropped } = to64Bits(exact);
  const power = Number(strip(exponent)) - 4 * strip(fraction).length + dropped;
  // in two steps, as 2 ** power may be out of range although the product is not
  const half = Math.trunc(Math.max(-2000, Math.min(2000, power)) / 2);
  const rest = Math.max(-2000, Math.min(2000, power)) - half;
  const magnitude = exact === 0n ? 0 : Number(value) * 2 ** half * 2 ** rest;
  return sign === '-' ? -magnitude : magnitude;
}

/** Takes the leading 64 bits; bits cut off are folded into the lowest one for correct rounding later. */
function to64Bits(value: bigint): { readonly value: bigint; readonly dropped: number } {
  const dropped = Math.max(0, value.toString(2).length - 64);
  const kept = value >> BigInt(dropped);
  const isExact = kept << BigInt(dropped) === value;
  return { value: isExact ? kept : kept | 1n, dropped };
}
