import { putDigits, putInteger, putRange } from '../bytes.ts';

const zero = 0x30;
const secondLength = '0000-00-00T00:00:00'.length;

let cachedSecond = Number.NaN;
const cachedText = Buffer.alloc(secondLength);

/** Writes `2026-01-31T12:00:00`. Cached, as lines of one second follow one another. */
export function putSecond(out: Buffer, at: number, seconds: number): number {
  if (seconds !== cachedSecond) {
    cachedText.write(new Date(seconds * 1000).toISOString(), 'latin1');
    cachedSecond = seconds;
  }
  return putRange(out, at, cachedText, 0, secondLength);
}

/** The time now, as RFC 3339 with milliseconds. */
export function putNow(out: Buffer, at: number, nowMs: number): number {
  const seconds = Math.floor(nowMs / 1000);
  let to = putSecond(out, at, seconds);
  out[to++] = 0x2e;
  const ms = Math.floor(nowMs - seconds * 1000);
  if (ms < 100) out[to++] = zero;
  if (ms < 10) out[to++] = zero;
  to = putInteger(out, to, ms);
  out[to] = 0x5a; // Z
  return to + 1;
}

/** Writes `Z`, or `+01:00` for 60 minutes ahead of UTC. */
export function putZone(out: Buffer, at: number, minutes: number): number {
  if (minutes === 0) {
    out[at] = 0x5a;
    return at + 1;
  }
  out[at] = minutes < 0 ? 0x2d : 0x2b;
  const ahead = Math.abs(minutes);
  const colon = putDigits(out, at + 1, Math.floor(ahead / 60), 2);
  out[colon] = 0x3a;
  return putDigits(out, colon + 1, ahead % 60, 2);
}
