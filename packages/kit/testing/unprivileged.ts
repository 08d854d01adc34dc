import { chmodSync } from 'node:fs';

const nobody = 65_534;

/** Runs a test of file permissions as an unprivileged user: root has every permission. */
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
