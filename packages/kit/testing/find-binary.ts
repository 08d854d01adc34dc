import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first of these programs that is on PATH, or undefined. */
export function findBinary(...names: readonly string[]): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  for (const name of names) {
    for (const folder of folders) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not there: look further
      }
    }
  }
  return undefined;
}

/**
 * As `findBinary`, for a test that needs the real thing: with `CI=true` a missing program is an error, as
 * nothing may be left out there; elsewhere the caller skips with this reason.
 */
export function requireBinary(...names: readonly string[]): string | undefined {
  const found = findBinary(...names);
  if (found === undefined && process.env['CI'] === 'true')
    throw new Error(`CI needs one of: ${names.join(', ')}`);
  return found;
}
