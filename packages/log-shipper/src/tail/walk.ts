import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '@pod-patterns/kit';
import { type FileFacts, factsOf } from './file-facts.ts';
import { type Glob, isVisible, matchesStep, type Step } from './glob.ts';

/** What a look at the disk has found. */
export interface Listing {
  /** The regular files that match, by path, links followed; sorted by path. */
  readonly files: ReadonlyMap<string, FileFacts>;
  /** Folders in which something could appear; the nearest one that is there where a folder is missing. */
  readonly folders: ReadonlySet<string>;
  /** What could not be looked into, by path, and the system's word for why. */
  readonly problems: ReadonlyMap<string, string>;
}

interface Walk {
  /** Folders that are named without a wildcard: these should be there. */
  readonly expected: Set<string>;
  readonly files: Map<string, FileFacts>;
  readonly folders: Set<string>;
  readonly problems: Map<string, string>;
}

/** Finds all files that the globs match. Never throws: what fails is in `problems`. */
export async function walk(globs: readonly Glob[]): Promise<Listing> {
  const found: Walk = { expected: new Set(), files: new Map(), folders: new Set(), problems: new Map() };
  for (const { steps } of globs) {
    for (const folder of namedFolders(steps)) found.expected.add(folder);
    await descend('/', steps, found);
  }
  const files = [...found.files].sort(([a], [b]) => (a < b ? -1 : 1));
  return { files: new Map(files), folders: found.folders, problems: found.problems };
}

function namedFolders(steps: readonly Step[]): string[] {
  const folders: string[] = [];
  let folder = '/';
  for (const step of steps.slice(0, -1)) {
    if (step.kind !== 'name') break;
    folder = join(folder, step.name);
    folders.push(folder);
  }
  return folders;
}

async function descend(folder: string, steps: readonly Step[], found: Walk): Promise<void> {
  const [step, ...rest] = steps;
  if (step === undefined) return;
  if (step.kind === 'name') {
    // a folder on the way is only watched when what it should hold is not there
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
    const stats = await stat(path, { bigint: true });
    if (rest.length > 0 && stats.isDirectory()) return await descend(path, rest, found);
    if (rest.length === 0 && stats.isFile()) found.files.set(path, factsOf(stats));
  } catch (error) {
    const code = systemCode(error) ?? 'unknown';
    if (code === 'ENOENT') found.folders.add(parent);
    if (code !== 'ENOENT' || found.expected.has(path)) found.problems.set(path, code);
  }
}

async function list(folder: string, found: Walk): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const code = systemCode(error) ?? 'unknown';
    if (code !== 'ENOTDIR') found.problems.set(folder, code);
    return [];
  }
}
