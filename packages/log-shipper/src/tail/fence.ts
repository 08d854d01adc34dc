import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { systemCode } from '@pod-patterns/kit';
import { type Glob, matchesGlobs, namedFolders } from './glob.ts';
import type { OpenedHandle } from './log-file.ts';
import { openFile } from './open-file.ts';
import { refusal } from './refusal.ts';

export interface FenceOptions {
  /** Follow links to any file. */
  readonly followLinks: boolean;
  /** Files that the shipper writes itself: reading them would never end. */
  readonly own: readonly string[];
}

/**
 * Restricts reading to the fixed folders of the patterns: whoever writes there may plant a link to a secret of the shipper.
 * Links on the way to a fixed folder that exist at the start are the operator's.
 */
export class Fence {
  readonly #followLinks: boolean;
  /** Each pattern with its fixed folder, all links resolved. */
  readonly #folders: ReadonlyMap<Glob, string>;
  readonly #own: readonly string[];

  private constructor(folders: ReadonlyMap<Glob, string>, { followLinks, own }: FenceOptions) {
    this.#folders = folders;
    this.#followLinks = followLinks;
    this.#own = own;
  }

  static async around(globs: readonly Glob[], { followLinks, own }: FenceOptions): Promise<Fence> {
    const folders = new Map<Glob, string>();
    for (const glob of globs) folders.set(glob, await settle(fixedFolder(glob)));
    return new Fence(folders, { followLinks, own: await Promise.all(own.map(settle)) });
  }

  /** Opens a log file; `file` is the name by which its pattern finds it. @throws a refusal, or the system's error */
  open(path: string, file: string): Promise<OpenedHandle> {
    return openFile(path, (realPath) => this.#check(realPath, file));
  }

  /** @throws a refusal when a walk along the pattern must not enter this folder, or the system's error */
  async enter(folder: string, glob: Glob): Promise<void> {
    if (!this.#followLinks) this.#checkWithin(await realpath(folder), [this.#folders.get(glob) ?? '/']);
  }

  /** As `enter`, for the fixed folder itself, which must not be replaced at run time. */
  async enterFixed(glob: Glob): Promise<void> {
    try {
      await this.enter(fixedFolder(glob), glob);
    } catch (error) {
      // the walk reports missing files
      if (systemCode(error) === 'link_outside') throw error;
    }
  }

  #check(realPath: string, file: string): void {
    if (this.#own.some((own) => realPath === own || realPath === `${own} (deleted)`)) {
      throw refusal('own_file', `${realPath} is written by log-shipper itself`);
    }
    if (!this.#followLinks) this.#checkWithin(realPath, this.#foldersFor(file));
  }

  /** A file found by a pattern of an earlier run must pass all present ones. */
  #foldersFor(file: string): string[] {
    const all = [...this.#folders];
    const matching = all.filter(([glob]) => matchesGlobs([glob], file));
    return (matching.length > 0 ? matching : all).map(([, folder]) => folder);
  }

  #checkWithin(realPath: string, folders: readonly string[]): void {
    if (folders.some((folder) => isWithin(realPath, folder))) return;
    const within = [...new Set(folders)].join(', ');
    throw refusal('link_outside', `leads to ${realPath}, outside ${within} (see --follow-links)`);
  }
}

export function fixedFolder({ steps }: Glob): string {
  return namedFolders(steps).at(-1) ?? '/';
}

export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/** Resolves all links of a path, as far as it exists. */
async function settle(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (path === dirname(path)) return path;
    const parent = await settle(dirname(path));
    const target = systemCode(error) === 'ENOENT' ? await readlink(path).catch(() => undefined) : undefined;
    return target === undefined ? join(parent, basename(path)) : settle(resolve(parent, target));
  }
}
