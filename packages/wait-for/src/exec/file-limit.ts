import { readFileSync } from 'node:fs';

/** How many files a process may have open: the limit that holds, and the one up to which it may raise that itself. */
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
 * The limit that this process was given, where Node has raised it at its start; undefined where it has not. Node keeps no
 * note of it: it is that of the parent, from which it was inherited, unless somebody between has set another.
 */
export function lostFileLimit(own: FileLimit | undefined, parent: FileLimit | undefined): number | undefined {
  if (own === undefined || parent === undefined) return undefined;
  const isRaised = own.soft === own.hard && parent.hard === own.hard && parent.soft < own.soft;
  return isRaised ? parent.soft : undefined;
}

/** That of a process; undefined where the system does not tell. */
export function fileLimitOf(pid: number | 'self'): FileLimit | undefined {
  try {
    return readFileLimit(readFileSync(`/proc/${pid}/limits`, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * A command that sets the limit and becomes the other, as Node itself cannot set it; undefined where there is no program
 * that does.
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
