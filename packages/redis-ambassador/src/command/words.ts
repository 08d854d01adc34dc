import { error, simple } from '../resp/encode.ts';
import type { Command } from './command.ts';

/** Replies and errors of Redis that several answers share, verbatim. */
export const ok = simple('OK');
export const syntaxError = error('ERR syntax error');
export const notAnInteger = error('ERR value is not an integer or out of range');
export const wrongPassword = error('WRONGPASS invalid username-password pair or user is disabled.');
export const notLoggedIn = error('NOAUTH Authentication required.');
export const badName = error('ERR Client names cannot contain spaces, newlines or special characters.');

/** Makes the error for an unavailable server, with a word that client libraries treat as an outage (docs/adr/0005). */
export function unavailable(upstream: string, reason: string): string {
  return error(`LOADING redis-ambassador: upstream ${upstream} is unavailable: ${reason}`);
}

/** Makes the error for a wrong number of arguments. */
export function wrongArity({ name }: Pick<Command, 'name'>): string {
  return error(`ERR wrong number of arguments for '${name}' command`);
}

/** Tells whether CLIENT LIST can show this name: no blanks, no control characters. */
export function isValidName(name: string): boolean {
  return /^[!-~]*$/.test(name);
}

/** Reads a number as Redis does: only a minus sign, no leading zero, no blank. NaN for anything else. */
export function readNumber(text: string): number {
  return /^(0|-?[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
}
