import type { JsonObjectScanner } from './json-object.ts';

/**
 * Severities as OpenTelemetry numbers them, by the words and numbers of common loggers. pino and bunyan count in tens;
 * syslog's words have the numbers of OpenTelemetry's own table.
 */
const levels: Readonly<Record<string, number>> = {
  ...{ trace: 1, verbose: 1, '10': 1, debug: 5, '20': 5, info: 9, information: 9, '30': 9, notice: 10 },
  ...{ warn: 13, warning: 13, '40': 13, error: 17, err: 17, severe: 17, '50': 17 },
  ...{
    critical: 18,
    crit: 18,
    alert: 19,
    fatal: 21,
    panic: 21,
    dpanic: 21,
    emerg: 21,
    emergency: 21,
    '60': 21,
  },
};
const quote = 0x22;

/** Words by their length, so that few are compared. */
const byLength: Array<{ readonly word: Buffer; readonly level: number }[]> = [];
for (const [text, level] of Object.entries(levels)) {
  const words = byLength[text.length] ?? [];
  words.push({ word: Buffer.from(text), level });
  byLength[text.length] = words;
}

/** The severity of the JSON object just scanned: 1 to 24 as OpenTelemetry counts, 0 if it has none that is known. */
export function levelOf(bytes: Buffer, scanner: JsonObjectScanner): number {
  if (scanner.levelStart < 0) return 0;
  const start = levelWordStart(bytes, scanner);
  const words = byLength[levelWordEnd(bytes, scanner) - start] ?? [];
  for (const { word, level } of words) {
    if (isWord(bytes, start, word)) return level;
  }
  return 0;
}

/** Where the object's own word for its severity starts and ends. */
export function levelWordStart(bytes: Buffer, { levelStart }: JsonObjectScanner): number {
  return bytes[levelStart] === quote ? levelStart + 1 : levelStart;
}

export function levelWordEnd(bytes: Buffer, { levelStart, levelEnd }: JsonObjectScanner): number {
  return bytes[levelStart] === quote ? levelEnd - 1 : levelEnd;
}

/** Set in small letters and digits. Of the bytes in a JSON value only capitals become one of these by it. */
const lowerCase = 0x20;

function isWord(bytes: Buffer, at: number, word: Buffer): boolean {
  for (let index = 0; index < word.length; index++) {
    // within the object, so the byte is there
    if (((bytes[at + index] as number) | lowerCase) !== word[index]) return false;
  }
  return true;
}
