import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';

/** The files of a mounted ConfigMap or Secret, without the kubelet's own folders. */
export function mountedFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('..'))
    .sort();
}

/**
 * Writes the files of a ConfigMap or a Secret into a folder as the kubelet does, also under running containers:
 * a rename replaces `..data` by a new folder, then links to new files are added and old ones removed.
 */
export function mountFiles(folder: string, files: ReadonlyMap<string, string>): void {
  const data = join(folder, '..data');
  const before = existsSync(data) ? readlinkSync(data) : undefined;
  const next = mkdtempSync(join(folder, '..version-'));
  chmodSync(next, 0o755);
  for (const [name, text] of files) writeFileSync(join(next, name), text, { mode: 0o644 });
  symlinkSync(basename(next), join(folder, '..data_tmp'));
  renameSync(join(folder, '..data_tmp'), data);
  const linked = mountedFiles(folder);
  for (const name of files.keys()) {
    if (!linked.includes(name)) symlinkSync(join('..data', name), join(folder, name));
  }
  for (const name of linked) if (!files.has(name)) rmSync(join(folder, name));
  if (before !== undefined) rmSync(join(folder, before), { recursive: true });
}
