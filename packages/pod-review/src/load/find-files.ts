import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A file's text, or why it cannot be had. */
export interface SourceFile {
  /** As the user would name it; `<stdin>` for standard input. */
  readonly name: string;
  readonly text?: string;
  readonly fault?: string;
}

export const stdinName = '<stdin>';

const isManifest = (name: string) => /\.(ya?ml|json)$/i.test(name);

/** A kustomization says how manifests are put together; it is none. */
export const isKustomization = (name: string) =>
  /^(kustomization\.ya?ml|Kustomization)$/.test(basename(name));

/**
 * The manifests of a path: the file itself, or every *.yaml, *.yml and *.json below a folder, sorted. Hidden
 * folders, node_modules and kustomizations are left out, and links to folders are not followed.
 * Throws the system's error when the path itself is not there.
 */
export function findFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) {
        return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : findFiles(inside);
      }
      return isManifest(entry.name) && !isKustomization(entry.name) ? [inside] : [];
    });
}

/** Reads a file as UTF-8; a file that cannot be read comes back with the reason. `-` is standard input. */
export function readSource(path: string): SourceFile {
  const name = path === '-' ? stdinName : path;
  try {
    return { name, text: readFileSync(path === '-' ? 0 : path, 'utf8') };
  } catch (error) {
    return { name, fault: error instanceof Error ? error.message : String(error) };
  }
}
