import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { factsOf } from './file-facts.ts';
import type { Sibling } from './successors.ts';

/** Most reads of a folder whose names keep changing. */
const mostLooks = 5;

/** Selects the files of a folder. */
export type IsWanted = (path: string) => boolean;

/**
 * The regular files of a folder; none if it cannot be read. If a name vanishes during the read, the file may have a new
 * name that was not listed yet, so the folder is read again.
 */
export async function siblingsIn(folder: string, isWanted: IsWanted = () => true): Promise<Sibling[]> {
  let found: Sibling[] = [];
  for (let look = 0; look < mostLooks; look++) {
    const paths = await pathsIn(folder, isWanted);
    found = [];
    for (const path of paths) {
      const stats = await stat(path, { bigint: true }).catch(() => undefined);
      if (stats?.isFile()) found.push({ path, facts: factsOf(stats) });
    }
    const after = new Set(await pathsIn(folder, isWanted));
    if (paths.length === after.size && paths.every((path) => after.has(path))) break;
  }
  return found;
}

async function pathsIn(folder: string, isWanted: IsWanted): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => join(folder, name)).filter(isWanted);
}
