/** Writing small things into a buffer; each returns the index behind what it wrote. */

/** Copies `source` whole. A loop beats the native copy for short runs. */
export function putBytes(out: Buffer, at: number, source: Buffer): number {
  return putRange(out, at, source, 0, source.length);
}

const nativeFrom = 40;

export function putRange(out: Buffer, at: number, source: Buffer, start: number, end: number): number {
  if (end - start >= nativeFrom) return at + source.copy(out, at, start, end);
  let to = at;
  // within `source`, so the byte is there
  for (let index = start; index < end; index++) out[to++] = source[index] as number;
  return to;
}

/** Writes a whole number ≥ 0 in decimal. */
export function putInteger(out: Buffer, at: number, value: number): number {
  let digits = 1;
  for (let bound = 10; bound <= value; bound *= 10) digits++;
  let rest = value;
  for (let index = at + digits - 1; index >= at; index--) {
    const tenth = Math.floor(rest / 10);
    out[index] = 0x30 + (rest - tenth * 10);
    rest = tenth;
  }
  return at + digits;
}
