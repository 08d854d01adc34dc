import { readFileSync } from 'node:fs';
import { type MemoryFiles, memoryFilesOf, workingSetBytes } from './working-set.ts';

/** Memory that a service takes, and how it is counted. */
export interface MemoryUse {
  /** `working set` of the container, or `RSS` of the process where it has no container of its own. */
  readonly kind: 'working set' | 'RSS';
  readonly bytes: number;
}

/** Reads the memory in use: the container's working set where there is one, else the RSS of the process. */
export function memoryUse(): MemoryUse {
  const bytes = workingSet();
  if (bytes === undefined) return { kind: 'RSS', bytes: process.memoryUsage.rss() };
  return { kind: 'working set', bytes };
}

let files: MemoryFiles | 'none' | undefined;

function workingSet(): number | undefined {
  // once: a container does not become one later
  files ??= findFiles() ?? 'none';
  if (files === 'none') return undefined;
  return workingSetBytes(read(files.usage), read(files.stat), files.inactive);
}

function findFiles(): MemoryFiles | undefined {
  const script = process.argv[1];
  if (script === undefined) return undefined;
  const texts = {
    cgroup: read('/proc/self/cgroup'),
    mountinfo: read('/proc/self/mountinfo'),
    firstCommand: read('/proc/1/cmdline'),
  };
  return memoryFilesOf(texts, script);
}

/** Reads a small file of the kernel, which needs no disk; empty if it does not exist. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
