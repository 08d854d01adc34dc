import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first of these programs on PATH, or undefined. A name with a slash is a file path. */
export function findBinary(...names: readonly string[]): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  for (const name of names) {
    const files = name.includes('/') ? [name] : folders.map((folder) => join(folder, name));
    for (const file of files) {
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not in this folder: try the next one
      }
    }
  }
  return undefined;
}
