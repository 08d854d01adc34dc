import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file atomically, even if this process is killed meanwhile. Only its user can read it. */
export function writeWhole(file: string, content: string): void {
  const temporary = `${file}.new`;
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, file);
}
