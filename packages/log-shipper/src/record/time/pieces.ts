import { readZone } from './date-time.ts';

/** Parts of a time read so far. */
export interface TimeParts {
  year?: number;
  /** From 1. */
  month?: number;
  day?: number;
  hour?: number;
  isAfternoon?: boolean;
  minute?: number;
  second?: number;
  /** Digits of the fraction of a second. */
  fraction?: string;
  /** Minutes ahead of UTC. */
  zoneMinutes?: number;
  /** A count since 1970, in place of all the others. */
  epoch?: string;
}

/** Reads one piece at the start of the text and returns its length; undefined if it is not there. */
export type Piece = (text: string, parts: TimeParts) => number | undefined;

export const shorthands: Readonly<Record<string, string>> = {
  ...{ F: '%Y-%m-%d', T: '%H:%M:%S', R: '%H:%M', D: '%m/%d/%y' },
};

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The piece for `%Y`, for spaces, or for any other text; undefined for an unknown directive. */
export function pieceOf(token: string, directive: string | undefined): Piece | undefined {
  if (directive !== undefined && directive !== '%') return directives[directive];
  if (/^\s/.test(token)) return (text) => matchOf(/^\s+/, text)?.length;
  const literal = directive ?? token;
  return (text) => (text.startsWith(literal) ? literal.length : undefined);
}

function matchOf(form: RegExp, text: string): string | undefined {
  return form.exec(text)?.[0];
}

/** A number of one or two digits; the first may be a space. */
function two(set: (parts: TimeParts, value: number) => void): Piece {
  return (text, parts) => {
    const found = matchOf(/^(?: \d|\d{1,2})/, text);
    if (found !== undefined) set(parts, Number(found));
    return found?.length;
  };
}

const day = two((parts, value) => {
  parts.day = value;
});
const hour = two((parts, value) => {
  parts.hour = value;
});
const hourOfTwelve = two((parts, value) => {
  // a 12-hour clock has no 0 and no 13
  parts.hour = value >= 1 && value <= 12 ? value % 12 : 99;
});

const monthName: Piece = (text, parts) => {
  const found = matchOf(/^[a-z]{3,9}/i, text);
  parts.month = months.indexOf(found?.slice(0, 3).toLowerCase() ?? '') + 1;
  return parts.month === 0 ? undefined : found?.length;
};
const dayName: Piece = (text) => matchOf(/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}/i, text)?.length;

const fraction: Piece = (text, parts) => {
  const found = matchOf(/^\d{1,30}/, text);
  parts.fraction = found ?? '';
  return found?.length;
};

const directives: Readonly<Record<string, Piece>> = {
  Y: (text, parts) => {
    const found = matchOf(/^\d{4}/, text);
    parts.year = Number(found);
    return found?.length;
  },
  y: two((parts, value) => {
    parts.year = value + (value < 69 ? 2000 : 1900);
  }),
  m: two((parts, value) => {
    parts.month = value;
  }),
  M: two((parts, value) => {
    parts.minute = value;
  }),
  S: two((parts, value) => {
    parts.second = value;
  }),
  ...{ d: day, e: day, H: hour, k: hour, I: hourOfTwelve, l: hourOfTwelve },
  ...{ b: monthName, B: monthName, h: monthName, a: dayName, A: dayName, f: fraction, L: fraction },
  p: (text, parts) => {
    const found = matchOf(/^[ap]m/i, text);
    parts.isAfternoon = found?.toLowerCase() === 'pm';
    return found?.length;
  },
  z: (text, parts) => {
    const found = matchOf(/^(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)/i, text) ?? '';
    const minutes = readZone(Buffer.from(found), 0, found.length);
    if (minutes === undefined) return undefined;
    parts.zoneMinutes = minutes;
    return found.length;
  },
  s: (text, parts) => {
    const found = matchOf(/^\d{9,20}(?:\.\d{1,30})?/, text);
    if (found !== undefined) parts.epoch = found;
    return found?.length;
  },
};
