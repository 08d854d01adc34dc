import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Need } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';

/** Mounts a small disk that is unmounted at the end of the scope; only root can do it. */
export function smallDisk(kib: number): Disposable & { readonly path: string } {
  const dir = tempDir();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs', dir.path]);
  return {
    path: dir.path,
    [Symbol.dispose]: () => {
      execFileSync('umount', ['-l', dir.path]);
      dir[Symbol.dispose]();
    },
  };
}

/** Required by tests of a full disk. */
export const mounting: Need = { name: 'the right to mount', isMet: canMount() };

function canMount(): boolean {
  try {
    smallDisk(64)[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}

/** Fills the disk to its last byte with one file and returns the file's path. */
export function fill(disk: string): string {
  const filler = join(disk, 'filler');
  execFileSync('sh', ['-c', `cat /dev/zero > '${filler}' || true`], { stdio: 'ignore' });
  return filler;
}
