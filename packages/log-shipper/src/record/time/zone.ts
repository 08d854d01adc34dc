import { Refusal } from '@pod-patterns/kit';

/** A time zone, for times without one. */
export interface TimeZone {
  /** Minutes ahead of UTC at this local time, given as milliseconds since 1970 of a clock in UTC. */
  minutesAt(wallMs: number): number;
}

/** Completes times without a zone or a year. */
export interface Clock {
  /** Zone of a time without one. */
  readonly zone: TimeZone;
  /** Milliseconds since 1970, for a time without a year. */
  readonly now: () => number;
}

export const utc: TimeZone = { minutesAt: () => 0 };

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Zones change their offset only at multiples of this, in local time. */
const stepMs = 15 * minuteMs;

/** Reads `UTC`, `Europe/Berlin` or `+01:00`. */
export function readTimeZone(name: string): TimeZone | Refusal {
  if (name === 'UTC') return utc;
  try {
    return named(new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' }));
  } catch {
    return new Refusal(
      'unknown time zone: expected UTC, a name such as Europe/Berlin, or an offset such as +01:00',
    );
  }
}

function named(format: Intl.DateTimeFormat): TimeZone {
  let cachedStep = Number.NaN;
  let cachedMinutes = 0;
  return {
    minutesAt(wallMs) {
      const step = Math.floor(wallMs / stepMs);
      if (step === cachedStep) return cachedMinutes;
      cachedMinutes = minutesAhead(format, step * stepMs);
      cachedStep = step;
      return cachedMinutes;
    },
  };
}

/**
 * A local time that occurs twice, as clocks are set back, means the first. One that never occurs, as clocks are set
 * forward, is read as if they had not been.
 */
function minutesAhead(format: Intl.DateTimeFormat, wallMs: number): number {
  const before = offsetAt(format, wallMs - dayMs);
  const after = offsetAt(format, wallMs + dayMs);
  const isAfter = before !== after && offsetAt(format, wallMs - before * minuteMs) !== before;
  return isAfter && offsetAt(format, wallMs - after * minuteMs) === after ? after : before;
}

/** Minutes ahead of UTC at a moment, from `GMT+05:30` at the end of the text. */
function offsetAt(format: Intl.DateTimeFormat, ms: number): number {
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(format.format(ms)) ?? [];
  return sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
}
