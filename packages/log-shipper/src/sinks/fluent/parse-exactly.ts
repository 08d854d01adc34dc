/** Values that JSON.parse would change: whole numbers of 16 digits and more, and halves of surrogate pairs. */
const delicate = /\d{16}|\\u[dD][89a-fA-F]/;
const wholeNumber = /^-?\d+$/;
const largest = 2n ** 64n - 1n;
const smallest = -(2n ** 63n);

/**
 * Parses a JSON object for msgpack: whole numbers keep their digits, as numbers of 64 bits or as text if they are
 * larger than that; half a surrogate pair, which no UTF-8 can hold, becomes U+FFFD.
 */
export function parseExactly(text: string): Readonly<Record<string, unknown>> {
  return delicate.test(text) ? JSON.parse(text, exact) : JSON.parse(text);
}

function exact(_: string, value: unknown, ...[context]: unknown[]): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  // the third argument, which the types do not have yet: the value as it stands in the text
  const { source } = context as { readonly source: string };
  if (!wholeNumber.test(source)) return value;
  const number = BigInt(source);
  return number > largest || number < smallest ? source : number;
}
