import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { systemCode } from '@pod-patterns/kit';

/** A process of this machine. Another process may have the same pid later, but not the same start. */
export interface ProcessId {
  readonly pid: number;
  /** Compared only for equality: clock ticks since boot (Linux) or the time (elsewhere). */
  readonly start: number;
}

/** Whether this very process runs. */
export function isRunning({ pid, start }: ProcessId): boolean {
  return startOf(pid) === start;
}

/** When the process with this pid started; undefined if none runs. */
export function startOf(pid: number): number | undefined {
  if (process.platform === 'linux') return readStat(statOf(pid));
  // the time zone may change while the pod runs
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  return readPs(
    spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', env }).stdout,
  );
}

function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(systemCode(error) ?? '')) return '';
    throw error;
  }
}

/**
 * The start in a `/proc/<pid>/stat`. A zombie has ended and waits for its parent, but while it has threads, its ports
 * are open.
 */
export function readStat(stat: string): number | undefined {
  // the name before the last bracket may contain spaces and brackets
  const [state, ...fields] = stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(' ');
  const [threads, start] = [Number(fields[16]), Number(fields[18])];
  return state === '' || state === 'X' || (state === 'Z' && threads <= 1) ? undefined : start;
}

/** The start in the output of `ps -o stat=,lstart=` in UTC. */
export function readPs(output: string): number | undefined {
  const [, state = 'Z', time] = /^\s*(\S+)\s+(.+?)\s*$/.exec(output) ?? [];
  return state.startsWith('Z') ? undefined : Date.parse(`${time} UTC`);
}

/** Sends a signal to this very process, or to none. */
export function signal(target: ProcessId, name: NodeJS.Signals): void {
  if (!isRunning(target)) return;
  try {
    process.kill(target.pid, name);
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}
