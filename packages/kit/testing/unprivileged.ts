import { chmodSync } from 'node:fs';

const nobody = 65_534;

/** Runs what is about permissions of files in a folder as somebody who has no more than they grant: root has all. */
export async function unprivileged<Value>(folder: string, act: () => Promise<Value>): Promise<Value> {
  if (process.getuid?.() !== 0) return act();
  chmodSync(folder, 0o755);
  process.seteuid?.(nobody);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}
