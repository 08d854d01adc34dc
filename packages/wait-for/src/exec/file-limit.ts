import { readFileSync } from 'node:fs';

/** Limits of open files: the effective one, and the one up to which a process may raise it. */
interface FileLimit {
  readonly soft: number;
  readonly hard: number;
}

/** Reads `/proc/PID/limits`; `unlimited` is infinite. Undefined without such a file. */
export function readFileLimit(limits: string): FileLimit | undefined {
  const [, soft, hard] = /^Max open files +(\d+|unlimited) +(\d+|unlimited) /m.exec(limits) ?? [];
  const count = (text: string) => (text === 'unlimited' ? Number.POSITIVE_INFINITY : Number(text));
  return soft === undefined || hard === undefined ? undefined : { soft: count(soft), hard: count(hard) };
}

/**
 * The limit that this process inherited, if Node raised it at its start; else undefined. Node does not record it, so it is
 * taken from the parent, unless the hard limits differ.
 */
export function lostFileLimit(own: FileLimit | undefined, parent: FileLimit | undefined): number | undefined {
  if (own === undefined || parent === undefined) return undefined;
  const isRaised = own.soft === own.hard && parent.hard === own.hard && parent.soft < own.soft;
  return isRaised ? parent.soft : undefined;
}

/** Limits of a process; undefined if the system does not tell. */
export function fileLimitOf(pid: number | 'self'): FileLimit | undefined {
  try {
    return readFileLimit(readFileSync(`/proc/${pid}/limits`, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Wraps a command in a program that sets the limit, because Node cannot; undefined if there is none.
 */
export function limited(
  command: readonly string[],
  softLimit: number,
  find: (name: string) => string | undefined,
): { readonly file: string; readonly command: readonly string[] } | undefined {
  const prlimit = find('prlimit');
  if (prlimit !== undefined)
    return { file: prlimit, command: ['prlimit', `--nofile=${softLimit}:`, '--', ...command] };
  const shell = find('sh');
  if (shell === undefined) return undefined;
  return {
    file: shell,
    command: ['sh', '-c', 'ulimit -S -n "$0" && exec "$@"', String(softLimit), ...command],
  };
}
