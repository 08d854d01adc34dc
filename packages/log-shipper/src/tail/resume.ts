import { dirname } from 'node:path';
import { isUnknown } from './content.ts';
import type { FileTimes } from './file-facts.ts';
import { findHolder } from './find-holder.ts';
import type { Generation } from './generation.ts';
import type { Handles, Opened } from './handles.ts';
import { siblingsIn } from './siblings.ts';
import { isRotatedName, type Sibling } from './successors.ts';
import type { Listing } from './walk.ts';

/** Facts about a generation that survive a restart. */
export type Remembered = Pick<Generation, 'seq' | 'file' | 'realPath' | 'positions' | 'known' | 'inode'> & {
  readonly times: FileTimes;
};

/**
 * Finds and opens the files of an earlier run: under the same name, under another name in the same folder, or as a copy
 * made before a truncation. Files that are not in the map are gone.
 */
export async function findAgain(
  remembered: readonly Remembered[],
  listing: Listing,
  handles: Handles,
): Promise<Map<Remembered, Opened>> {
  const found = new Map<Remembered, Opened>();
  const claimed = new Set<string>();
  const listed = new Map([...listing.files].map(([path, facts]) => [facts.inode, { path, facts }]));
  const seek = async (one: Remembered, candidates: readonly Sibling[]) => {
    const free = candidates.filter(({ facts }) => !claimed.has(facts.inode));
    const opened = isUnknown(one.known)
      ? await openSame(one, free, handles)
      : await findHolder(one, free, handles);
    if (opened === undefined) return;
    found.set(one, opened);
    claimed.add(opened.source.inode);
  };
  const folders = new Map<string, Promise<Sibling[]>>();
  for (const one of remembered) {
    const there = listed.get(one.inode);
    await seek(one, there === undefined ? sameAs(one, await around(one, folders)) : [there]);
  }
  // search copies only among files without a generation
  for (const one of remembered) {
    if (!found.has(one)) await seek(one, copiesOf(one, await around(one, folders)));
  }
  // the file may have another name by now
  for (const one of remembered) {
    if (found.has(one) || sameAs(one, await around(one, folders)).length === 0) continue;
    await seek(one, sameAs(one, await around(one, new Map())));
  }
  return found;
}

/** Opens the file itself if it was empty: it has no content to recognize, and is read from its start. */
async function openSame(
  one: Remembered,
  candidates: readonly Sibling[],
  handles: Handles,
): Promise<Opened | undefined> {
  const { file, inode } = one;
  // an inode is reused, also for files with other names
  const same = sameAs(one, candidates).find(({ path }) => path === file || isRotatedName(file, path));
  const opened = same && (await handles.open(same.path, file).catch(() => undefined));
  if (opened === undefined || opened.source.inode === inode) return opened;
  await opened.source.close();
  return undefined;
}

/**
 * Which files may be copies. Equal content is not enough: after a restart an app often begins its new log as it began the
 * old one. A copy is either as old as the original; or it has the name of a rotated file, and the original still exists
 * with other content.
 */
function copiesOf({ file, inode, times }: Remembered, siblings: readonly Sibling[]): Sibling[] {
  const isOriginalThere = siblings.some(({ facts }) => facts.inode === inode);
  return siblings.filter(
    ({ path, facts }) =>
      facts.modifiedUs === times.modifiedUs ||
      (isOriginalThere && isRotatedName(file, path) && facts.modifiedUs > times.modifiedUs),
  );
}

function sameAs({ inode }: Remembered, siblings: readonly Sibling[]): Sibling[] {
  return siblings.filter(({ facts }) => facts.inode === inode);
}

/** Files in the folders of a file; each folder is read once. */
async function around(
  { file, realPath }: Remembered,
  folders: Map<string, Promise<Sibling[]>>,
): Promise<Sibling[]> {
  const siblings: Sibling[] = [];
  for (const folder of new Set([file, realPath].map(dirname))) {
    const looking = folders.get(folder) ?? siblingsIn(folder);
    folders.set(folder, looking);
    siblings.push(...(await looking));
  }
  return siblings;
}
