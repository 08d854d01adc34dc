import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '@pod-patterns/kit';
import { type Fence, fixedFolder, isWithin } from './fence.ts';
import { type FileFacts, factsOf } from './file-facts.ts';
import { type Glob, isVisible, matchesGlobs, matchesStep, namedFolders, type Step } from './glob.ts';
import { refusal } from './refusal.ts';

/** Result of a scan. */
export interface Listing {
  /** The regular files that match, by path, links followed; sorted by path. */
  readonly files: ReadonlyMap<string, FileFacts>;
  /** Folders in which a file could appear; for a missing folder, its nearest existing parent. */
  readonly folders: ReadonlySet<string>;
  /** Folders that could not be read, by path, with the reason. */
  readonly problems: ReadonlyMap<string, unknown>;
  /** Patterns that no file matches. */
  readonly unmatched: readonly string[];
}

/** Result before the first scan. */
export const emptyListing: Listing = {
  ...{ files: new Map(), folders: new Set(), problems: new Map(), unmatched: [] },
};

interface Found {
  /** Patterns of excluded files. */
  readonly excluded: readonly Glob[];
  /** Folders named without a wildcard, which should exist. */
  readonly expected: Set<string>;
  /** Patterns that files match. */
  readonly matched: Set<Glob>;
  readonly files: Map<string, FileFacts>;
  readonly folders: Set<string>;
  readonly problems: Map<string, unknown>;
}

/** Walk of one pattern through the folders. */
interface Walk extends Found {
  readonly glob: Glob;
  readonly fence: Fence;
}

/**
 * Finds all files that the globs match and `excluded` does not. Never throws: failures are in `problems`. Folders outside
 * the fence are not entered; the target of a link to a file is checked when the file is opened, not at each walk.
 */
export async function walk(
  globs: readonly Glob[],
  fence: Fence,
  excluded: readonly Glob[] = [],
): Promise<Listing> {
  const found: Found = {
    ...{ excluded, expected: new Set(), matched: new Set() },
    ...{ files: new Map(), folders: new Set(), problems: new Map() },
  };
  for (const glob of globs) {
    for (const folder of namedFolders(glob.steps)) found.expected.add(folder);
    try {
      await fence.enterFixed(glob);
      await descend('/', glob.steps, { ...found, glob, fence });
    } catch (error) {
      found.problems.set(fixedFolder(glob), error);
    }
  }
  const files = [...found.files].sort(([a], [b]) => (a < b ? -1 : 1));
  const unmatched = globs.filter((glob) => !found.matched.has(glob)).map(({ source }) => source);
  return { files: new Map(files), folders: found.folders, problems: found.problems, unmatched };
}

async function descend(folder: string, steps: readonly Step[], found: Walk): Promise<void> {
  const [step, ...rest] = steps;
  if (step === undefined) return;
  if (step.kind === 'name') {
    // watch a folder on the way only if its expected entry is missing
    if (rest.length === 0) found.folders.add(folder);
    return enter(join(folder, step.name), rest, { found, parent: folder });
  }
  found.folders.add(folder);
  for (const entry of await list(folder, found)) {
    const path = join(folder, entry.name);
    if (step.kind === 'pattern') {
      if (matchesStep(step, entry.name)) await enter(path, rest, { found, parent: folder });
    } else if (entry.isDirectory() && isVisible(entry.name)) {
      // links are not followed here: they could lead in circles
      await descend(path, steps, found);
    }
  }
  if (step.kind === 'any-folders') await descend(folder, rest, found);
}

async function enter(
  path: string,
  rest: readonly Step[],
  { found, parent }: { found: Walk; parent: string },
): Promise<void> {
  try {
    if (rest.length > 0) {
      if (await isFolder(path, found)) await descend(path, rest, found);
      return;
    }
    if (matchesGlobs(found.excluded, path)) return;
    const stats = await stat(path, { bigint: true });
    if (!stats.isFile()) return;
    found.files.set(path, factsOf(stats));
    found.matched.add(found.glob);
  } catch (error) {
    const isMissing = systemCode(error) === 'ENOENT';
    // a name with invalid bytes cannot be opened
    if (isMissing && path.includes('\ufffd')) {
      found.problems.set(path, refusal('name_not_utf8', 'file name is not UTF-8: rename the file'));
    }
    if (isMissing) found.folders.add(parent);
    if (!isMissing || found.expected.has(path)) found.problems.set(path, error);
  }
}

/** @throws a refusal if a link leads to a folder outside */
async function isFolder(path: string, { glob, fence }: Walk): Promise<boolean> {
  const stats = await lstat(path);
  if (!stats.isSymbolicLink()) return stats.isDirectory();
  // the path to the fixed folder was checked as a whole
  if (!isWithin(fixedFolder(glob), path)) await fence.enter(path, glob);
  return (await stat(path)).isDirectory();
}

async function list(folder: string, found: Walk): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (systemCode(error) !== 'ENOTDIR') found.problems.set(folder, error);
    return [];
  }
}
