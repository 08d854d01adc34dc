/** 4096 registers: the estimate's standard error is 1.04 / √4096 = 1.6 %. */
const indexBits = 12;
const registerCount = 1 << indexBits;
/** Bits of a hash that are left for the rank. */
const rankBits = 64 - indexBits;
const alpha = 1 / (2 * Math.LN2);

/** Registers of a HyperLogLog sketch, which counts different items by their 64-bit hashes. */
export type Registers = Uint8Array;

export function newRegisters(): Registers {
  return new Uint8Array(registerCount);
}

/** Adds an item by the two halves of its hash. */
export function addHash(registers: Registers, high: number, low: number): void {
  const index = high >>> (32 - indexBits);
  const rest = high << indexBits;
  // the position of the first one among the bits that follow the index
  const rank = rest !== 0 ? Math.clz32(rest) + 1 : 32 - indexBits + Math.clz32(low) + 1;
  if (rank > (registers[index] ?? 0)) registers[index] = rank;
}

/** Estimates the number of different items in all sketches together, by Ertl's unbiased estimator (2017). */
export function estimateUnion(sketches: readonly Registers[]): number {
  const histogram = new Float64Array(rankBits + 2);
  for (let index = 0; index < registerCount; index++) {
    let rank = 0;
    for (const registers of sketches) rank = Math.max(rank, registers[index] ?? 0);
    histogram[rank] = (histogram[rank] ?? 0) + 1;
  }
  let sum = registerCount * tau(1 - (histogram[rankBits + 1] ?? 0) / registerCount);
  for (let rank = rankBits; rank >= 1; rank--) sum = (sum + (histogram[rank] ?? 0)) / 2;
  sum += registerCount * sigma((histogram[0] ?? 0) / registerCount);
  return (alpha * registerCount * registerCount) / sum;
}

/** x + Σ x^(2^k) · 2^(k−1) */
function sigma(part: number): number {
  if (part === 1) return Number.POSITIVE_INFINITY;
  let sum = part;
  for (let power = part * part, factor = 1, before = -1; sum !== before; power *= power, factor *= 2) {
    before = sum;
    sum += power * factor;
  }
  return sum;
}

/** (1 − x − Σ (1 − x^(2^−k))² · 2^(−k)) / 3 */
function tau(part: number): number {
  if (part === 0 || part === 1) return 0;
  let sum = 1 - part;
  for (
    let root = Math.sqrt(part), factor = 0.5, before = -1;
    sum !== before;
    root = Math.sqrt(root), factor /= 2
  ) {
    before = sum;
    sum -= (1 - root) ** 2 * factor;
  }
  return sum / 3;
}
