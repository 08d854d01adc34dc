/** Encoding of a file. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin-1';

/** Values of the option. `auto`: UTF-16 with a byte order mark, else UTF-8. */
export type EncodingChoice = 'auto' | Encoding;

/** The encoding of a file that begins like this. */
export function encodingOf(choice: EncodingChoice, head: Buffer): Encoding {
  if (choice !== 'auto') return choice;
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8';
}

/** Least number of bytes of a character. */
export function unitBytes(encoding: Encoding): 1 | 2 {
  return encoding === 'utf-16le' || encoding === 'utf-16be' ? 2 : 1;
}
