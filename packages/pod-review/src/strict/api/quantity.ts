/**
 * An amount as Kubernetes writes it, exactly: `units` times 10 to the power of −`scale`.
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/api/resource/quantity.go
 */
export interface Quantity {
  readonly units: bigint;
  readonly scale: number;
}

const binary: Readonly<Record<string, bigint>> = {
  Ki: 1n << 10n,
  Mi: 1n << 20n,
  Gi: 1n << 30n,
  Ti: 1n << 40n,
  Pi: 1n << 50n,
  Ei: 1n << 60n,
};

const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

/** Reads `500m`, `1.5`, `64Mi`, `1e3`, a YAML number; undefined for anything else. */
export function parseQuantity(value: unknown): Quantity | undefined {
  const text =
    typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : undefined;
  if (text === undefined || text.length > 64) return undefined;
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:([KMGTPE]i|[numkMGTPE]|)|[eE]([+-]?\d{1,3}))$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', suffix = '', exponent] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(`${whole}${fraction}` || '0') * (sign === '-' ? -1n : 1n);
  const factor = binary[suffix];
  const power = exponent === undefined ? (decimal[suffix] ?? 0) : Number(exponent);
  const scale = fraction.length - (factor === undefined ? power : 0);
  return normal(digits * (factor ?? 1n), scale);
}

function normal(units: bigint, scale: number): Quantity {
  return scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale };
}

/** The amount in units of 10 to the power of −`digits`, rounded up as the scheduler does: 0 whole, 3 milli. */
export function roundUp({ units, scale }: Quantity, digits: number): number {
  if (scale <= digits) return Number(units * 10n ** BigInt(digits - scale));
  const divisor = 10n ** BigInt(scale - digits);
  const quotient = units / divisor;
  return Number(units % divisor > 0n ? quotient + 1n : quotient);
}

/** Negative, zero or positive as the first is less than, equal to or more than the second. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  const scale = Math.max(a.scale, b.scale);
  const left = a.units * 10n ** BigInt(scale - a.scale);
  const right = b.units * 10n ** BigInt(scale - b.scale);
  return left < right ? -1 : Number(left > right);
}
