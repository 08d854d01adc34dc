import { putRange } from '../../record/bytes.ts';
import { plainEnd } from '../../record/plain.ts';
import { backslash } from './json-bytes.ts';
import { putTextHeader, textHeaderLength } from './msgpack.ts';

const letterU = 0x75;
/** U+FFFD for half a surrogate pair, which UTF-8 cannot hold. */
const replacement = 0xfffd;

/** The byte that a letter after a backslash stands for. */
const unescaped = new Uint8Array(256);
for (const letter of '"\\/bfnrt') unescaped[letter.charCodeAt(0)] = JSON.parse(`"\\${letter}"`).charCodeAt(0);

/** Writes the content of a JSON string, from `start` to its last quote at `end`, as a msgpack text. */
export function putJsonText(out: Buffer, at: number, bytes: Buffer, start: number, end: number): number {
  // an escape is at least as long as the character that it stands for
  const room = textHeaderLength(end - start);
  const textEnd = putUnescaped(out, at + room, bytes, start, end);
  const length = textEnd - at - room;
  const textAt = putTextHeader(out, at, length);
  if (textAt < at + room) out.copyWithin(textAt, at + room, textEnd);
  return textAt + length;
}

function putUnescaped(out: Buffer, at: number, bytes: Buffer, start: number, end: number): number {
  let to = at;
  for (let index = start; index < end; ) {
    const runEnd = plainEnd(bytes, index, end);
    to = putRange(out, to, bytes, index, runEnd);
    if (runEnd === end) break;
    const letter = bytes[runEnd + 1] as number; // an escape has one
    index = runEnd + 2;
    if (letter === letterU) {
      const code = readCode(bytes, index, end);
      to = putUtf8(out, to, code);
      index += code > 0xffff ? 10 : 4;
    } else out[to++] = unescaped[letter] as number; // a table of all bytes
  }
  return to;
}

/** The code point of the four digits at `at`, or of these and the escape behind them. */
function readCode(bytes: Buffer, at: number, end: number): number {
  const unit = readUnit(bytes, at);
  if ((unit & 0xf800) !== 0xd800) return unit;
  if (unit >= 0xdc00 || at + 10 > end) return replacement;
  if (bytes[at + 4] !== backslash || bytes[at + 5] !== letterU) return replacement;
  const next = readUnit(bytes, at + 6);
  return (next & 0xfc00) === 0xdc00 ? 0x10000 + ((unit & 0x3ff) << 10) + (next & 0x3ff) : replacement;
}

function readUnit(bytes: Buffer, at: number): number {
  let unit = 0;
  for (let index = at; index < at + 4; index++) {
    const digit = bytes[index] as number; // within an escape
    unit = unit * 16 + (digit & 0xf) + (digit > 0x39 ? 9 : 0);
  }
  return unit;
}

function putUtf8(out: Buffer, at: number, code: number): number {
  if (code < 0x80) {
    out[at] = code;
    return at + 1;
  }
  const more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  // as many ones as bytes
  out[at] = ((0xff00 >> (more + 1)) & 0xff) | (code >> (6 * more));
  for (let index = 1; index <= more; index++)
    out[at + index] = 0x80 | ((code >> (6 * (more - index))) & 0x3f);
  return at + more + 1;
}
