import { dirname } from 'node:path';
import type { Fence } from './fence.ts';
import type { FileTimes } from './file-facts.ts';
import { findHolder } from './find-holder.ts';
import type { Generation, Opened } from './generation.ts';
import { siblingsIn } from './siblings.ts';
import type { Listing } from './walk.ts';

/** What is remembered of a generation across a restart. */
export type Remembered = Pick<Generation, 'seq' | 'file' | 'realPath' | 'positions' | 'known'> & {
  readonly inode: string;
  readonly times: FileTimes;
};

/**
 * Finds what was known before a restart again and opens it: under its name, under another one in the same
 * folder, or as a copy that was made before it was truncated. What is not in the map is gone.
 */
export async function findAgain(
  remembered: readonly Remembered[],
  listing: Listing,
  fence: Fence,
): Promise<Map<Remembered, Opened>> {
  const found = new Map<Remembered, Opened>();
  const claimed = new Set<string>();
  const seek = async (one: Remembered, isCandidate: (inode: string) => boolean) => {
    const candidates = (await around(one, listing)).filter(
      ({ facts }) => isCandidate(facts.inode) && !claimed.has(facts.inode),
    );
    const opened = await findHolder(one, candidates, fence);
    if (opened === undefined) return;
    found.set(one, opened);
    claimed.add(opened.facts.inode);
  };
  for (const one of remembered) await seek(one, (inode) => inode === one.inode);
  // a copy is only looked for among what nobody else goes on in
  for (const one of remembered) if (!found.has(one)) await seek(one, () => true);
  return found;
}

async function around({ file, realPath }: Remembered, listing: Listing) {
  const folders = new Set([file, realPath].map(dirname));
  const siblings = (await Promise.all([...folders].map(siblingsIn))).flat();
  const listed = listing.files.get(file);
  return listed === undefined ? siblings : [{ path: file, facts: listed }, ...siblings];
}
