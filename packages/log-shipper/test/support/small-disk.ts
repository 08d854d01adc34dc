import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Need } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';

/** A small disk of its own that is gone at the end of the scope; only root can make one. */
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

/** What a test of a full disk needs. */
export const mounting: Need = { name: 'the right to mount', isMet: canMount() };

function canMount(): boolean {
  try {
    smallDisk(64)[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}

/** Fills the disk to its last byte with one file, and returns its path. */
export function fill(disk: string): string {
  const filler = join(disk, 'filler');
  execFileSync('sh', ['-c', `cat /dev/zero > '${filler}' || true`], { stdio: 'ignore' });
  return filler;
}
