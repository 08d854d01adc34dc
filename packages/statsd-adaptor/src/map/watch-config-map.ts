import { existsSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';

/** The link in a mounted ConfigMap that the kubelet sets anew when the ConfigMap has changed. */
const currentData = '..data';

/**
 * Calls back when the ConfigMap is changed that a file is in. Undefined for no file and for one in no
 * ConfigMap; one that is mounted by `subPath` never changes.
 */
export function watchConfigMap(file: string | undefined, onChange: () => void): Disposable | undefined {
  const folder = file === undefined || file === '' ? undefined : mountOf(dirname(file));
  if (folder === undefined) return undefined;
  const watcher = watch(folder, { persistent: false }, (_, name) => {
    if (name === currentData) onChange();
  });
  // a mount that goes away goes with its pod
  watcher.on('error', () => watcher.close());
  return { [Symbol.dispose]: () => watcher.close() };
}

/** The nearest folder above that is a mounted ConfigMap. */
function mountOf(folder: string): string | undefined {
  if (existsSync(join(folder, currentData))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : mountOf(parent);
}
