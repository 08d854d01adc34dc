import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { installed, type Need } from '@pod-patterns/kit/testing/needs';
import { RunningProgram } from '@pod-patterns/kit/testing/program';
import { main } from './run.ts';

const unshare = installed('unshare');

/** Mounts a file system without a server at `$0`: each access blocks forever. Then runs `"$@"`. */
const script = `exec 3<>/dev/fuse
mount -i -t fuse dead "$0" -o fd=3,rootmode=40000,user_id=0,group_id=0 || exit 99
"$@" 3>&-
exit $?`;

/** The right to mount such a file system. */
export const deadMounts: Need = {
  name: 'the right to mount FUSE',
  isMet: spawnSync(unshare.path, ['--mount', 'sh', '-c', script, '/mnt', 'true']).status === 0,
};

/** wait-for where everything below `folder` hangs, as in an NFS mount without its server. */
export function startBesideDeadMount(folder: string, args: readonly string[]): RunningProgram {
  const inside = ['sh', '-c', script, folder, process.execPath, main, '--format=json', ...args];
  return new RunningProgram(unshare.path, ['--mount', ...inside]);
}

/** The process of wait-for itself, whose parent keeps the mount. */
export async function pidOf(program: RunningProgram): Promise<number> {
  return eventually(() => {
    const [child] = readFileSync(`/proc/${program.pid}/task/${program.pid}/children`, 'utf8')
      .trim()
      .split(' ');
    return Number(child) || undefined;
  });
}
