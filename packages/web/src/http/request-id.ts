import { randomUUID } from 'node:crypto';

/** The caller's `X-Request-Id` where it is a harmless word of up to 128 characters, else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[\w.:/+=@-]{1,128}$/.test(header) ? header : randomUUID();
}
