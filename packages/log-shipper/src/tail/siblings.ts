import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { factsOf } from './file-facts.ts';
import type { Sibling } from './successors.ts';

/** A folder in which names change all the time is not looked at more often than this. */
const mostLooks = 5;

/**
 * The regular files of a folder; none when it cannot be read. A name that vanishes under the look may have
 * become another one that was not there yet, so it is looked again.
 */
export async function siblingsIn(folder: string): Promise<Sibling[]> {
  let found: Sibling[] = [];
  for (let look = 0; look < mostLooks; look++) {
    const names = await namesIn(folder);
    found = [];
    for (const name of names) {
      const path = join(folder, name);
      const stats = await stat(path, { bigint: true }).catch(() => undefined);
      if (stats?.isFile()) found.push({ path, facts: factsOf(stats) });
    }
    const after = await namesIn(folder);
    if (names.length === after.length && names.every((name) => after.includes(name))) break;
  }
  return found;
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
