import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One process of the pod. `order` is its place in the start, from 1; it is stopped in the reverse order. */
export interface PodProcess {
  readonly name: string;
  readonly pid: number;
  readonly ports: Readonly<Record<string, number>>;
  readonly log: string;
  readonly order: number;
}

/** What `.pod/state.json` says while the pod runs. */
export interface PodState {
  readonly startedAt: string;
  readonly url: string;
  readonly processes: readonly PodProcess[];
  readonly redis: { readonly host: string; readonly port: number };
}

/** The pod's folder: `.pod`, or `POD_DIR`. */
export function podFolder(): string {
  return process.env['POD_DIR'] ?? '.pod';
}

export function stateFile(folder: string): string {
  return join(folder, 'state.json');
}

/** The state that was written last, or undefined when no pod was started (or it was stopped). */
export function readState(folder: string): PodState | undefined {
  try {
    return JSON.parse(readFileSync(stateFile(folder), 'utf8')) as PodState; // only writeState writes it
  } catch {
    return undefined;
  }
}

/** Whole or not at all: a stop in between must find the processes that were started. */
export function writeState(folder: string, state: PodState): void {
  const temporary = `${stateFile(folder)}.new`;
  writeFileSync(temporary, `${JSON.stringify(state, undefined, 2)}\n`);
  renameSync(temporary, stateFile(folder));
}

/** Whether the process of the state still runs (a pid that something else has taken since does not count). */
export function isRunning({ pid, name }: Pick<PodProcess, 'pid' | 'name'>): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(name);
  } catch {
    return true; // no /proc (macOS): the pid is all there is to go by
  }
}
