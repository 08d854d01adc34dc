import { putZone } from './calendar.ts';
import type { TimeParts } from './pieces.ts';
import type { Clock } from './zone.ts';

const dayMs = 86_400_000;

/** Writes the parts of a time as RFC 3339; -1 if no such time exists. */
export function putParts(out: Buffer, at: number, parts: TimeParts, { zone, now }: Clock): number {
  const { month = 0, day = 0, minute = 0, second = 0, fraction = '', isAfternoon } = parts;
  const hour = (parts.hour ?? 0) + (isAfternoon === true ? 12 : 0);
  const inYear = (year: number) => Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59));
  const year = parts.year ?? latestYear(inYear, now());
  const ms = inYear(year);
  const wall = new Date(ms);
  // an overflow continues in the next month, day, hour or minute
  const isThere = wall.getUTCMonth() === month - 1 && wall.getUTCDate() === day;
  if (!isThere || hour > 23 || minute > 59 || second > 60) return -1;
  const date = wall.toISOString();
  const seconds = String(second).padStart(2, '0');
  const text = `${date.slice(0, 17)}${seconds}.${fraction.slice(0, 30).padEnd(3, '0')}`;
  const to = at + out.write(text, at, 'latin1');
  return putZone(out, to, parts.zoneMinutes ?? zone.minutesAt(ms));
}

/** Year of a time without one: the latest in which it is at most a day in the future, for clocks and zones that differ. */
function latestYear(inYear: (year: number) => number, nowMs: number): number {
  const year = new Date(nowMs).getUTCFullYear();
  if (inYear(year + 1) <= nowMs + dayMs) return year + 1;
  return inYear(year) <= nowMs + dayMs ? year : year - 1;
}
