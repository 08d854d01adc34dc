import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Container } from './containers.ts';
import { type ProcessId, startOf } from './process-id.ts';

/** Runs the program after a line on stdin; never, if the parent is killed before it writes the line. */
const gate = 'read -r go && exec "$@" </dev/null';

/** A process that exists and can be recorded, but whose program has not started. */
export interface Held extends ProcessId {
  readonly log: string;
  /** Offset of its part of the log. */
  readonly logFrom: number;
  /** Starts the program, which outlives this process. */
  release(): void;
  /** The exit code, `null` after a signal; undefined while it runs. */
  readonly exitCode: number | null | undefined;
}

/** Starts a container's process, which waits before its program. */
export function hold({ name, command, env }: Container, folder: string): Held {
  const log = logFile(folder, name);
  const output = openSync(log, 'a');
  const logFrom = statSync(log).size;
  const child = spawn('/bin/sh', ['-c', gate, name, ...command], {
    cwd: folder,
    env: { ...inherited(), ...env },
    stdio: ['pipe', output, output],
    // a session of its own, so Ctrl-C in the terminal does not reach it
    detached: true,
  });
  closeSync(output);
  child.unref();
  let exitCode: number | null | undefined;
  child.once('exit', (code) => {
    exitCode = code;
  });
  // told by the throw below; by the end of the process
  child.once('error', () => {});
  child.stdin?.once('error', () => {});
  const start = child.pid === undefined ? undefined : startOf(child.pid);
  if (child.pid === undefined || start === undefined) throw new Error(`${name}: cannot start a process`);
  return {
    ...{ pid: child.pid, start, log, logFrom },
    release: () => void child.stdin?.end('go\n'),
    get exitCode() {
      return exitCode;
    },
  };
}

export function logFile(folder: string, name: string): string {
  return join(folder, 'log', `${name}.log`);
}

/** Hash of a container's program, arguments and settings. */
export function fingerprint({ command, env, program }: Container): string {
  const hash = createHash('sha256').update(JSON.stringify([command, env]));
  if (program !== undefined) hash.update(readFileSync(program));
  return hash.digest('hex').slice(0, 16);
}

/** A container inherits no environment except PATH and HOME, which programs rely on. */
function inherited(): Record<string, string> {
  const { PATH = '', HOME = '/' } = process.env;
  return { PATH, HOME };
}
