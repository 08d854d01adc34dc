import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Container } from './containers.ts';
import { type ProcessId, startOf } from './process-id.ts';

/** Runs the program once it is told to; never, if that word does not come because whoever holds it is killed. */
const gate = 'read -r go && exec "$@" </dev/null';

/** A process that exists, and so can be recorded, but has not begun its program. */
export interface Held extends ProcessId {
  readonly log: string;
  /** Where its part of the log begins. */
  readonly logFrom: number;
  /** Lets the program run. It outlives this process. */
  release(): void;
  /** The exit code, `null` after a signal; undefined as long as it runs. */
  readonly exitCode: number | null | undefined;
}

/** Starts a container's process up to the point where its program begins. */
export function hold({ name, command, env }: Container, folder: string): Held {
  const log = logFile(folder, name);
  const output = openSync(log, 'a');
  const logFrom = statSync(log).size;
  const child = spawn('/bin/sh', ['-c', gate, name, ...command], {
    cwd: folder,
    env: { ...inherited(), ...env },
    stdio: ['pipe', output, output],
    // a session of its own: Ctrl-C in the terminal is not meant for it
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

/** What a container is started from: another program, argument or setting makes another fingerprint. */
export function fingerprint({ command, env, program }: Container): string {
  const hash = createHash('sha256').update(JSON.stringify([command, env]));
  if (program !== undefined) hash.update(readFileSync(program));
  return hash.digest('hex').slice(0, 16);
}

/** A container inherits nothing from who starts it; PATH and HOME are what programs rely on everywhere. */
function inherited(): Record<string, string> {
  const { PATH = '', HOME = '/' } = process.env;
  return { PATH, HOME };
}
