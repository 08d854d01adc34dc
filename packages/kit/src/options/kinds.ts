import { isIPv6 } from 'node:net';
import * as z from 'zod/mini';

/** What turns an option's text into its value: a zod schema whose message completes "expected …". */
export type Kind<Value> = z.ZodMiniType<Value, string>;

/** A place to listen on or connect to. `host` undefined means all addresses. */
export interface HostPort {
  readonly host: string | undefined;
  readonly port: number;
}

/**
 * Makes a kind from a function that returns undefined for text it does not understand.
 * `expected` completes the sentence "expected …" of the error.
 */
export function kind<Value>(expected: string, read: (text: string) => Value | undefined): Kind<Value> {
  return z.pipe(
    z.string(),
    z.transform((text: string, context): Value => {
      const value = read(text);
      if (value !== undefined) return value;
      context.issues.push({ code: 'custom', message: expected, input: text });
      return z.NEVER;
    }),
  );
}

/** Any text that is not empty. */
export const text = kind('some text', (value) => (value === '' ? undefined : value));

/** A path of a file or folder; that it exists is not checked here. */
export const path = kind('a path', (value) => (value === '' || value.includes('\0') ? undefined : value));

export const toggle = kind('true or false', (value) => {
  if (/^(true|yes|on|1)$/i.test(value)) return true;
  return /^(false|no|off|0)$/i.test(value) ? false : undefined;
});

/** A whole number within bounds, both included. */
export function integer(min = 0, max = Number.MAX_SAFE_INTEGER): Kind<number> {
  const expected =
    max === Number.MAX_SAFE_INTEGER ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`;
  return kind(expected, (value) => {
    const number = /^-?\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  });
}

export function oneOf<const Word extends string>(...words: readonly Word[]): Kind<Word> {
  return kind(`one of ${words.join(', ')}`, (value) => words.find((word) => word === value));
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

/** A span of time, in milliseconds. */
export const durationMs = kind('a duration such as 250ms, 2s or 5m', readDurationMs);

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
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}

/** An amount of memory or disk, in bytes. */
export const bytes = kind('a size such as 65536, 64KiB or 1MiB', readBytes);

/** Reads `127.0.0.1:6379`, `:9102` (all addresses), `[::1]:80`; undefined when it is not of that form. */
export function readHostPort(value: string): HostPort | undefined {
  const match = /^(?:\[([^\]]*)\]|([^:[\]/@\s]*)):(\d{1,5})$/.exec(value);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) return undefined;
  if (match[1] !== undefined) return isIPv6(match[1]) ? { host: match[1], port } : undefined;
  return { host: match[2] === '' ? undefined : match[2], port };
}

export const hostPort = kind('HOST:PORT, such as 127.0.0.1:6379, :9102 or [::1]:80', readHostPort);

/** Writes an address so that `readHostPort` reads it back. */
export function formatHostPort({ host, port }: HostPort): string {
  if (host === undefined) return `:${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
