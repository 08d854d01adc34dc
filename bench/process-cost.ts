import { readFileSync } from 'node:fs';

/** Resources that a process has used so far, from /proc (Linux). */
export interface ProcessCost {
  readonly cpuSeconds: number;
  readonly rssMiB: number;
  readonly peakRssMiB: number;
  /** Without shared pages of files, such as Node's binary: about a container's working set. */
  readonly anonymousMiB: number;
}

const ticksPerSecond = 100; // USER_HZ, fixed on Linux for user space

export function processCost(pid: number): ProcessCost {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // the second field is the command in parentheses and may contain spaces
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    rssMiB: mib('VmRSS'),
    peakRssMiB: mib('VmHWM'),
    anonymousMiB: mib('RssAnon'),
  };
}
