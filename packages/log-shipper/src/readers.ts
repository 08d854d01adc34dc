import { oneOf, type Reader, Refusal, readBytes, readDurationMs, reader } from '@pod-patterns/kit';
import { readMultiline } from './frame/multiline.ts';
import type { Multiline } from './frame/step.ts';
import { multilines } from './frame/traces.ts';
import { Pattern } from './pattern/pattern.ts';
import type { RateLimit } from './pump/allowance.ts';
import { namedParses, type Parse, readParse } from './record/parse.ts';
import { namedRedactions, type Redaction, readRedaction } from './record/redaction.ts';
import { TimeFormat } from './record/time/format.ts';
import { readTimeZone } from './record/time/zone.ts';

/** Whether labels may have this name. */
export function isLabelName(name: string): boolean {
  return /^[A-Za-z_][\w./-]{0,127}$/.test(name);
}

export const label = reader(
  'KEY=VALUE, such as team=payments',
  (value): readonly [string, string] | Refusal | undefined => {
    const equals = value.indexOf('=');
    if (equals < 0) return undefined;
    const key = value.slice(0, equals);
    if (isLabelName(key)) return [key, value.slice(equals + 1)];
    return new Refusal('expected a key of letters, digits and _ . / -, starting with a letter or _');
  },
);

/** Longer lines would not fit into the memory that is set aside. */
const mostLineBytes = 16 * 1024 * 1024;
export const lineBytes = reader('a size from 1KiB to 16MiB', (value) => {
  const size = readBytes(value);
  return size !== undefined && size >= 1024 && size <= mostLineBytes ? size : undefined;
});

export const age = reader('a duration such as 12h or 7d', readDurationMs);

export const rateLimit = reader(
  'lines or bytes per second, such as 500/s or 64KiB/s',
  (value): RateLimit | undefined => {
    const [, amount = '', unit = ''] = /^(\d{1,12})([KMG]i?B|B|)\/s$/.exec(value) ?? [];
    const perSecond = readBytes(amount + unit) ?? 0;
    return perSecond > 0 ? { perSecond, unit: unit === '' ? 'lines' : 'bytes' } : undefined;
  },
);

export const pattern = reader('a regular expression', (value) =>
  value === '' ? undefined : Pattern.read(value),
);

/** One of some names, or a regular expression between slashes. */
function namedOrSlashed<Value>(
  names: Readonly<Record<string, Value>>,
  read: (text: string) => Value | Refusal | undefined,
): Reader<Value> {
  const words = Object.keys(names);
  const expected = `one of ${words.join(', ')}, or /REGEX/ with flags of imsu`;
  return reader(expected, read, [...words, '/REGEX/']);
}

export const parse = namedOrSlashed<Parse>(namedParses, readParse);
export const redaction = namedOrSlashed<Redaction>(namedRedactions, readRedaction);
export const multiline = namedOrSlashed<Multiline>(multilines, readMultiline);

export const timeZone = reader(
  'UTC, a name such as Europe/Berlin, or an offset such as +01:00',
  readTimeZone,
);
export const timeFormat = reader('a format such as %d/%b/%Y:%H:%M:%S %z', TimeFormat.read);

export const encoding = oneOf('auto', 'utf-8', 'utf-16le', 'utf-16be', 'latin-1');
