import { plainEnd } from '../../record/plain.ts';

/** Searches in a JSON object that has been checked: what is searched for is there. */

export const quote = 0x22;
export const backslash = 0x5c;
export const comma = 0x2c;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;

export function skipBlank(bytes: Buffer, at: number): number {
  let index = at;
  while ((bytes[index] as number) <= 0x20) index += 1; // a blank is not the last byte
  return index;
}

/** The index of the quote that ends a string; `at` is within it, and not within an escape. */
export function textEnd(bytes: Buffer, at: number, end: number): number {
  let index = plainEnd(bytes, at, end);
  while (bytes[index] === backslash) index = plainEnd(bytes, index + 2, end);
  return index;
}
