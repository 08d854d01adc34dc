import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join, sep } from 'node:path';

/** A file's text, or why it cannot be had. */
export interface SourceFile {
  /** As the user would name it; `<stdin>` for standard input. */
  readonly name: string;
  readonly text?: string;
  readonly fault?: string;
}

/** A file to be read; one that was found in a folder has to be in there, wherever a link leads. */
export interface FoundFile {
  readonly path: string;
  readonly within?: string;
}

const stdinName = '<stdin>';

const isManifest = (name: string) => /\.(ya?ml|json)$/i.test(name);

/** A kustomization combines manifests; it is not a manifest. */
export const isKustomization = (name: string) =>
  /^(kustomization\.ya?ml|Kustomization)$/.test(basename(name));

/**
 * The manifests of a path: the file itself, or every *.yaml, *.yml and *.json below a folder, sorted. Hidden
 * folders, node_modules and kustomizations are left out, and links to folders are not followed. Links to files are,
 * within the folder.
 * Throws the system's error when the path itself is not there.
 */
export function findFiles(path: string): FoundFile[] {
  if (!statSync(path).isDirectory()) return [{ path }];
  return filesBelow(path).map((file) => ({ path: file, within: path }));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inside = join(folder, entry.name);
      if (entry.isDirectory()) {
        return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : filesBelow(inside);
      }
      return isManifest(entry.name) && !isKustomization(entry.name) ? [inside] : [];
    });
}

/** Reads a file as UTF-8; a file that cannot be read comes back with the reason. `-` is standard input. */
export function readSource({ path, within }: FoundFile): SourceFile {
  const name = path === '-' ? stdinName : path;
  try {
    const fault = within === undefined ? undefined : strayFault(path, within);
    if (fault !== undefined) return { name, fault };
    return { name, text: readFileSync(path === '-' ? 0 : path, 'utf8') };
  } catch (error) {
    return { name, fault: error instanceof Error ? error.message : String(error) };
  }
}

/** The input may be a stranger's: findings must not show the target of a symbolic link to a file of ours. */
function strayFault(path: string, folder: string): string | undefined {
  const real = realpathSync(path);
  const root = realpathSync(folder);
  if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) return `links to ${real}, outside ${folder}`;
  return statSync(real).isFile() ? undefined : 'is not a regular file';
}
