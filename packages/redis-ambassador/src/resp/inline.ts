const quote = 0x22;
const apostrophe = 0x27;
const backslash = 0x5c;
const escapes: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, b: 0x08, a: 0x07 };

/**
 * Splits an inline request into its arguments as Redis does: blanks separate them; "…" knows \n \r \t \b \a \xHH
 * and \", '…' knows \' only. Undefined when quotes are unbalanced.
 */
export function splitInline(text: Uint8Array): Buffer[] | undefined {
  // Redis treats the line as a C string
  const nul = text.indexOf(0);
  const line = nul < 0 ? text : text.subarray(0, nul);
  const words: Buffer[] = [];
  let at = 0;
  for (;;) {
    while (at < line.length && isSpace(line[at])) at++;
    if (at >= line.length) return words;
    const word = readWord(line, at);
    if (word === undefined) return undefined;
    words.push(word.bytes);
    at = word.end;
  }
}

function readWord(line: Uint8Array, start: number): { bytes: Buffer; end: number } | undefined {
  const bytes: number[] = [];
  let at = start;
  while (at < line.length && !endsWord(line[at])) {
    const byte = line[at];
    if (byte === quote || byte === apostrophe) {
      const end = readQuoted(line, at, bytes);
      // a closing quote ends the word: only a blank or the end of the line may follow
      if (end === undefined || (end < line.length && !isSpace(line[end]))) return undefined;
      return { bytes: Buffer.from(bytes), end };
    }
    bytes.push(byte ?? 0);
    at++;
  }
  return { bytes: Buffer.from(bytes), end: at };
}

/** Reads the quoted text whose opening quote is at `start` into `bytes`; returns its end. */
function readQuoted(line: Uint8Array, start: number, bytes: number[]): number | undefined {
  const closing = line[start];
  for (let at = start + 1; at < line.length; at++) {
    const byte = line[at] ?? 0;
    if (byte === closing) return at + 1;
    if (byte !== backslash || at + 1 >= line.length) {
      bytes.push(byte);
      continue;
    }
    const next = line[at + 1] ?? 0;
    if (closing === apostrophe) {
      if (next === apostrophe) at++;
      bytes.push(next === apostrophe ? next : byte);
      continue;
    }
    const hex = next === 0x78 ? Buffer.from(line.subarray(at + 2, at + 4)).toString('latin1') : '';
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      at += 3;
    } else {
      bytes.push(escapes[String.fromCharCode(next)] ?? next);
      at++;
    }
  }
  return undefined;
}

/** Tells whether C's isspace accepts the byte. */
function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

/** Tells whether a byte ends a word; a vertical tab or form feed only separates words. */
function endsWord(byte: number | undefined): boolean {
  return isSpace(byte) && byte !== 0x0b && byte !== 0x0c;
}
