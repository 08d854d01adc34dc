import { execFileSync } from 'node:child_process';

/** Paths of the files in git that match one of the patterns, from the root of the repository. */
export function trackedFiles(root: string, ...patterns: readonly string[]): string[] {
  return execFileSync('git', ['ls-files', ...patterns], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n');
}
