import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { factsOf } from './file-facts.ts';
import type { Sibling } from './successors.ts';

/** The regular files of a folder; none when it cannot be read. What vanishes meanwhile is left out. */
export async function siblingsIn(folder: string): Promise<Sibling[]> {
  const names = await readdir(folder).catch(() => []);
  const found: Sibling[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const stats = await stat(path, { bigint: true }).catch(() => undefined);
    if (stats?.isFile()) found.push({ path, facts: factsOf(stats) });
  }
  return found;
}
