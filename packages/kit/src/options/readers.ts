import { isIPv6 } from 'node:net';
import { type Reader, Refusal, reader } from './reader.ts';

/** A place to listen on or connect to. `host` undefined means all addresses. */
export interface HostPort {
  readonly host: string | undefined;
  readonly port: number;
}

/** Any text that is not empty. */
export const text = reader('some text', (value) => (value === '' ? undefined : value));

/** A path of a file or folder; that it exists is not checked here. */
export const path = reader('a path', (value) => (value === '' || value.includes('\0') ? undefined : value));

export const toggle = reader('true or false', (value) => {
  if (/^(true|yes|on|1)$/i.test(value)) return true;
  return /^(false|no|off|0)$/i.test(value) ? false : undefined;
});

/** A whole number within bounds, both included. */
export function integer(min = 0, max = Number.MAX_SAFE_INTEGER): Reader<number> {
  const expected =
    max === Number.MAX_SAFE_INTEGER ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`;
  return reader(expected, (value) => {
    const number = /^-?\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  });
}

const durationUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Reads `250ms`, `2s`, `1m30s`, `0`; milliseconds, or undefined. */
export function readDurationMs(value: string): number | undefined {
  if (value === '0') return 0;
  if (!/^(\d{1,12}(\.\d{1,6})?(ms|s|m|h|d))+$/.test(value)) return undefined;
  const parts = value.matchAll(/(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d)/g);
  return [...parts].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (durationUnits[unit ?? ''] ?? Number.NaN),
    0,
  );
}

/** Node fires a timer that is longer than this at once. */
const longestTimerMs = 24 * 86_400_000;

/** Reads a duration that a timer can take; milliseconds. */
export function readTimerMs(value: string): number | Refusal | undefined {
  const ms = readDurationMs(value);
  return ms !== undefined && ms > longestTimerMs ? new Refusal('too long: expected at most 24d') : ms;
}

/** A span of time, in milliseconds. */
export const durationMs = reader('a duration such as 250ms, 2s or 5m', readTimerMs);

const byteUnits: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1000,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** Reads `65536`, `64KiB`, `1MB`; bytes, or undefined. */
export function readBytes(value: string): number | undefined {
  const match = /^(\d{1,15})([KMG]i?B|B|)$/.exec(value);
  const unit = byteUnits[match?.[2] ?? ''];
  const size = match === null || unit === undefined ? Number.NaN : Number(match[1]) * unit;
  return Number.isSafeInteger(size) ? size : undefined;
}

/** An amount of memory or disk, in bytes. */
export const bytes = reader('a size such as 65536, 64KiB or 1MiB', readBytes);

export const highestPort = 65_535;

/** Says which ports there are; `lowest` is 0 where a free one may be taken. */
export function portOutOfRange(lowest: 0 | 1): Refusal {
  return new Refusal(`port out of range: expected ${lowest} to ${highestPort}`);
}

/** Reads `127.0.0.1:6379`, `:9102` (all addresses), `[::1]:80`; undefined when it is not of that form. */
export function readHostPort(value: string, lowest: 0 | 1 = 0): HostPort | Refusal | undefined {
  const [, v6, name, digits] = /^(?:\[([^\]]*)\]|([^:[\]/@\s]*)):(\d{1,20})$/.exec(value) ?? [];
  if (digits === undefined || (v6 !== undefined && !isIPv6(v6))) return undefined;
  const port = Number(digits);
  if (port < lowest || port > highestPort) return portOutOfRange(lowest);
  return { host: v6 ?? (name === '' ? undefined : name), port };
}

/** Where to listen; port 0 takes a free one. */
export const hostPort = reader('HOST:PORT, such as 127.0.0.1:6379, :9102 or [::1]:80', (value) =>
  readHostPort(value),
);

/** Where to send. */
export const remoteHostPort = reader('HOST:PORT, such as 10.0.0.1:8125 or [::1]:8125', (value) =>
  readHostPort(value, 1),
);

/** Writes an address so that `readHostPort` reads it back. */
export function formatHostPort({ host, port }: HostPort): string {
  if (host === undefined) return `:${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
