import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text files of a checkout by path: tracked files, and untracked ones that git does not ignore. */
export type Tree = ReadonlyMap<string, string>;

/** Reads a checkout. */
export function readTree(root: string): Tree {
  // -I skips binary files, -z keeps unusual names whole
  const found = execFileSync('git', ['grep', '--untracked', '-I', '-z', '--files-with-matches', '-e', ''], {
    cwd: root,
    encoding: 'utf8',
  });
  const files = found.split('\0').filter((file) => file !== '');
  return new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}
