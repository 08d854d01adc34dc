import { isPlain, plainEnd } from './plain.ts';

/** The record's own fields, in their order. A line may have fields of the same name. */
export const ownFields = ['time', 'file', 'offset', 'labels', 'pod'] as const;
/** Fields that hold a line's own time. The first readable one counts. */
export const timeFields = ['time', '@timestamp', 'timestamp', 'ts'] as const;

/** Fields that hold the level of a line. The first one in the line counts. */
const levelFields: readonly string[] = ['level', 'severity', 'log.level', 'lvl'];

/** A known name, with its place in `ownFields` and in `timeFields`, or -1. */
interface Candidate {
  readonly name: Buffer;
  readonly own: number;
  readonly time: number;
  readonly isLevel: boolean;
}

const candidates: Candidate[] = [...new Set([...ownFields, ...timeFields, ...levelFields])].map((text) => {
  const find = (fields: readonly string[]) => fields.indexOf(text);
  const isLevel = levelFields.includes(text);
  return { name: Buffer.from(text), own: find(ownFields), time: find(timeFields), isLevel };
});

/** Known names by their first byte and their length modulo 32, which rule out most names of most lines. */
const named = new Array<readonly Candidate[]>(256 * 32).fill([]);
for (const candidate of candidates) {
  const index = indexOf(candidate.name[0], candidate.name.length);
  named[index] = [...(named[index] ?? []), candidate];
}
const mayMatter = Uint8Array.from(named, ({ length }) => Math.min(1, length));
mayMatter.fill(1, indexOf(0x5f, 0), indexOf(0x60, 0)); // underscores may precede them

function indexOf(first: number | undefined, length: number): number {
  return ((first as number) << 5) | (length & 31); // a name has a first byte, or the quote after it
}

const quote = 0x22;
const backslash = 0x5c;
const underscore = 0x5f;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const colon = 0x3a;
const comma = 0x2c;

const isBlank = new Uint8Array(256);
for (const blank of [0x20, 0x09, 0x0a, 0x0d]) isBlank[blank] = 1;

/** `"` `\` `/` b f n r t */
const isSimpleEscape = new Uint8Array(256);
for (const letter of '"\\/bfnrt') isSimpleEscape[letter.charCodeAt(0)] = 1;

const space = 0x20;
/** Longer strings are scanned several bytes at a time. */
const shortString = 24;

/** A line nested more deeply is text: it would overflow the backend's parser too. */
const maxDepth = 500;

/**
 * Checks that bytes are one JSON object (RFC 8259) without building it, and notes the facts that a record needs about its
 * top level. One instance scans line after line; its fields describe the last one.
 */
export class JsonObjectScanner {
  /** Index of the `{`, and the index after the `}`. */
  open = 0;
  close = 0;
  isEmpty = false;
  /** For each of `ownFields`: bit n is set if the object has that name after n underscores. */
  readonly taken: Uint32Array = new Uint32Array(ownFields.length);
  /** Whether any bit of `taken` is set. */
  hasTaken = false;
  /** For each of `timeFields`: start and end of its value; the start is -1 if the field is absent. */
  readonly timeStart: Int32Array = new Int32Array(timeFields.length).fill(-1);
  readonly timeEnd: Int32Array = new Int32Array(timeFields.length);
  hasTime = false;
  /** Start and end of the value of the first level field; the start is -1 if there is none. */
  levelStart = -1;
  levelEnd = 0;

  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #hasEscape = false;

  /** May read a few bytes after `end`, which never make an object valid. */
  scan(bytes: Buffer, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#end = end;
    this.open = this.#skipBlank(start);
    if (bytes[this.open] !== openBrace) return false;
    this.#forget();
    this.close = this.#object(this.open, 1);
    if (this.close < 0 || this.close > end) return false;
    return this.#skipBlank(this.close) >= end;
  }

  #forget(): void {
    if (this.hasTaken) this.taken.fill(0);
    if (this.hasTime) this.timeStart.fill(-1);
    this.hasTaken = false;
    this.hasTime = false;
    this.levelStart = -1;
    this.isEmpty = false;
  }

  /** Each of the following takes the index of a value's first byte and returns the index after it, or -1. */
  #object(at: number, depth: number): number {
    const bytes = this.#bytes;
    let index = this.#skipBlank(at + 1);
    if (bytes[index] === closeBrace) {
      if (depth === 1) this.isEmpty = true;
      return index + 1;
    }
    for (;;) {
      const key = index;
      this.#hasEscape = false;
      const keyEnd = bytes[key] === quote ? this.#string(key) : -1;
      if (keyEnd < 0) return -1;
      const isEscaped = this.#hasEscape;
      index = bytes[keyEnd] === colon ? keyEnd : this.#skipBlank(keyEnd);
      if (bytes[index] !== colon) return -1;
      const value = this.#skipBlank(index + 1);
      index = bytes[value] === quote ? this.#string(value) : this.#value(value, depth);
      if (index < 0) return -1;
      if (depth === 1) {
        if (isEscaped) this.#noteEscaped(key, keyEnd, value, index);
        else if (mayMatter[indexOf(bytes[key + 1], keyEnd - key - 2)] === 1)
          this.#note(bytes, key + 1, keyEnd - 1, value, index);
      }
      index = this.#skipBlank(index);
      if (bytes[index] === closeBrace) return index + 1;
      if (bytes[index] !== comma) return -1;
      index = this.#skipBlank(index + 1);
    }
  }

  #array(at: number, depth: number): number {
    const bytes = this.#bytes;
    let index = this.#skipBlank(at + 1);
    if (bytes[index] === 0x5d) return index + 1;
    for (;;) {
      index = this.#value(index, depth);
      if (index < 0) return -1;
      index = this.#skipBlank(index);
      if (bytes[index] === 0x5d) return index + 1;
      if (bytes[index] !== 0x2c) return -1;
      index = this.#skipBlank(index + 1);
    }
  }

  #value(at: number, depth: number): number {
    switch (this.#bytes[at]) {
      case quote:
        return this.#string(at);
      case openBrace:
        return depth < maxDepth ? this.#object(at, depth + 1) : -1;
      case 0x5b:
        return depth < maxDepth ? this.#array(at, depth + 1) : -1;
      case 0x74:
        return this.#word(at, 'true');
      case 0x66:
        return this.#word(at, 'false');
      case 0x6e:
        return this.#word(at, 'null');
      default:
        return this.#number(at);
    }
  }

  #string(at: number): number {
    const bytes = this.#bytes;
    let index = at + 1;
    for (;;) {
      // after the buffer's end `bytes[index]` is undefined, and so is the entry of the table
      const near = index + shortString;
      while (index < near && isPlain[bytes[index] as number] === 1) index += 1;
      if (index === near) index = plainEnd(bytes, near, Math.max(near, this.#end));
      if (bytes[index] === quote) return index + 1;
      if (bytes[index] !== backslash) return -1;
      this.#hasEscape = true;
      const letter = bytes[index + 1] ?? 0;
      if (isSimpleEscape[letter] === 1) index += 2;
      else if (letter === 0x75 && this.#areHex(index + 2)) index += 6;
      else return -1;
    }
  }

  #areHex(at: number): boolean {
    for (let index = at; index < at + 4; index++) {
      const byte = this.#bytes[index] ?? 0;
      const lower = byte | 0x20;
      if (!(isDigit(byte) || (lower >= 0x61 && lower <= 0x66))) return false;
    }
    return true;
  }

  #number(at: number): number {
    const bytes = this.#bytes;
    const first = bytes[at] === 0x2d ? at + 1 : at;
    // no digit follows a leading zero
    let index = bytes[first] === 0x30 ? first + 1 : this.#digits(first);
    if (index > 0 && bytes[index] === 0x2e) index = this.#digits(index + 1);
    if (index > 0 && ((bytes[index] ?? 0) | 0x20) === 0x65) {
      const sign = bytes[index + 1];
      index = this.#digits(sign === 0x2b || sign === 0x2d ? index + 2 : index + 1);
    }
    return index;
  }

  #digits(at: number): number {
    let index = at;
    while (isDigit(this.#bytes[index])) index++;
    return index === at ? -1 : index;
  }

  #word(at: number, word: string): number {
    for (let index = 0; index < word.length; index++) {
      if (this.#bytes[at + index] !== word.charCodeAt(index)) return -1;
    }
    return at + word.length;
  }

  /** Stops at the end: a newline is white space, but following empty lines do not belong to this line. */
  #skipBlank(at: number): number {
    const bytes = this.#bytes;
    let index = at;
    if ((bytes[index] as number) > space) return index;
    while (index < this.#end && isBlank[bytes[index] as number] === 1) index++;
    return index;
  }

  /** `"\u0074ime"` is `time` too. */
  #noteEscaped(key: number, keyEnd: number, value: number, valueEnd: number): void {
    const name = Buffer.from(String(JSON.parse(this.#bytes.toString('utf8', key, keyEnd))));
    this.#note(name, 0, name.length, value, valueEnd);
  }

  /** Notes the name from `start` to `end` if it matters. */
  #note(bytes: Buffer, start: number, end: number, value: number, valueEnd: number): void {
    let first = start;
    while (bytes[first] === underscore && first < end) first++;
    const underscores = first - start;
    // both indexes are within their arrays
    const alike = named[indexOf(bytes[first], end - first)] as readonly Candidate[];
    for (let index = 0; index < alike.length; index++) {
      const { name, own, time, isLevel } = alike[index] as Candidate;
      if (!isName(bytes, first, end - first, name)) continue;
      if (own >= 0 && underscores < 32) {
        this.taken[own] = (this.taken[own] ?? 0) | (1 << underscores);
        this.hasTaken = true;
      }
      if (time >= 0 && underscores === 0) {
        this.timeStart[time] = value;
        this.timeEnd[time] = valueEnd;
        this.hasTime = true;
      }
      if (isLevel && underscores === 0 && this.levelStart < 0) {
        this.levelStart = value;
        this.levelEnd = valueEnd;
      }
    }
  }
}

function isName(bytes: Buffer, at: number, length: number, name: Buffer): boolean {
  if (length !== name.length) return false;
  for (let index = 0; index < length; index++) {
    if (bytes[at + index] !== name[index]) return false;
  }
  return true;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
