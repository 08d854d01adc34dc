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
const known = new Map(Object.entries(levels));
const longestWord = 'information'.length + 2;

/** Reads the level of the JSON object just scanned, in its own word; '' if it is not a level. */
export function readLevelWord(bytes: Buffer, { levelStart, levelEnd }: JsonObjectScanner): string {
  if (levelStart < 0 || levelEnd - levelStart > longestWord) return '';
  const isText = bytes[levelStart] === 0x22;
  return bytes.toString('latin1', isText ? levelStart + 1 : levelStart, isText ? levelEnd - 1 : levelEnd);
}

/** The severity of a word: 1 to 24 as OpenTelemetry counts, or 0 for any other word. */
export function levelOf(word: string): number {
  return known.get(word) ?? known.get(word.toLowerCase()) ?? 0;
}
